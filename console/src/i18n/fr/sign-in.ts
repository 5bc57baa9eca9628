import type { Translated } from '../en';
import type { signIn as en } from '../en/sign-in';

export const signIn: Translated<typeof en> = {
  'signIn.title': 'Connexion',
  'signIn.working': 'Connexion en cours…',
  'signIn.needed': 'Ouvrez un lien de connexion pour entrer. La personne qui gère le serveur en obtient un avec :',
  'signIn.failed': 'Ce lien ne peut plus être utilisé',
  'signIn.failed.text': 'Un lien de connexion sert une seule fois, dans les 15 minutes. Pour en obtenir un autre :',
  'signIn.throttled':
    'Trop de connexions ont échoué depuis cette adresse. Patientez quelques secondes ; le lien n’a pas été consommé.',
  'signIn.ended':
    'Ouvrez un nouveau lien de connexion dans ce navigateur pour reprendre où vous en étiez ; votre saisie est conservée. La personne qui gère le serveur en obtient un avec :',
  'signIn.command': 'la commande',
  'signIn.ended.title': 'Votre session a pris fin',
  'signIn.throttled.title': 'Trop de tentatives',
  'signIn.broken': 'La connexion a échoué',
  'signIn.broken.text': 'Le lien n’a pas été consommé : réessayez.',
};

import type { Translated } from '../en';
import type { signIn as en } from '../en/sign-in';

export const signIn: Translated<typeof en> = {
  'signIn.title': 'Connexion',
  'signIn.working': 'Connexion en cours…',
  'signIn.needed': 'Ouvrez un lien de connexion pour entrer. La personne qui gère le serveur en obtient un avec :',
  'signIn.failed': 'Ce lien ne peut plus être utilisé',
  'signIn.failed.text': 'Un lien de connexion sert une seule fois, dans les 15 minutes. Pour en obtenir un autre :',
  'signIn.throttled': 'Trop de tentatives. Patientez un peu, puis rouvrez le lien.',
  'signIn.ended':
    'Votre session a pris fin. Ouvrez un nouveau lien de connexion dans ce navigateur ; ce que vous faisiez est conservé.',
};

import type { Translated } from '../en';
import type { home as en } from '../en/home';

export const home: Translated<typeof en> = {
  'home.title': 'Accueil',
  'home.intro': 'Ce que contient {organization}, et ce qu’il reste à faire.',
  'home.numbers': 'En un coup d’œil',
  'home.serviceAccounts': 'Comptes de service',
  'home.flags': 'Feature flags',
  'home.customers': 'Clients',
  'home.instances': 'Instances',
  'home.steps': 'Premiers pas',
  'home.steps.done': 'Tout est fait : votre application parle à l’API.',
  'home.step.account': 'Créer un compte de service',
  'home.step.account.text': 'La machine qui appellera l’API. C’est elle qui détient les jetons.',
  'home.step.account.do': 'Nouveau compte de service',
  'home.step.token': 'Générer un jeton',
  'home.step.token.text': 'Avec les seules portées dont l’application a besoin. Sa valeur n’est montrée qu’une fois.',
  'home.step.token.do': 'Choisir un compte de service',
  'home.step.call': 'Faire le premier appel',
  'home.step.call.text': 'Mettez le jeton dans KAITEN_TOKEN et demandez qui il est :',
  'home.step.flag': 'Évaluer un feature flag',
  'home.step.flag.text':
    'Avec un jeton qui peut lire les feature flags, demandez ce qu’il vaut pour un utilisateur. Le décompte suit dans la minute.',
  'home.step.flag.none': 'Un feature flag décide, dans votre application, qui obtient quoi. Créez le premier.',
  'home.step.isDone': 'Fait',
  'home.step.isOpen': 'À faire',
  'home.step.check': 'Vérifier à nouveau',
  'home.curl': 'la commande curl',
  'home.moreThan': '{count}+',
};

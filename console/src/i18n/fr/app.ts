import type { Translated } from '../en';
import type { app as en } from '../en/app';

export const app: Translated<typeof en> = {
  'app.name': 'Kaiten',
  'app.skip': 'Aller au contenu',
  'app.menu': 'Menu',
  'app.offline': 'Le serveur ne répond pas. Nouvelle tentative…',
  'app.loading': 'Chargement…',
  'nav.main': 'Navigation principale',
  'nav.home': 'Accueil',
  'nav.customers': 'Clients',
  'nav.instances': 'Instances',
  'nav.flags': 'Feature flags',
  'nav.integrations': 'Intégrations',
  'nav.serviceAccounts': 'Comptes de service',
  'theme.title': 'Thème',
  'theme.system': 'Comme le système',
  'theme.light': 'Clair',
  'theme.dark': 'Sombre',
  'language.title': 'Langue',
  'help.title': 'Aide',
  'help.api': 'Documentation de l’API',
  'help.asApi': 'Via l’API',
  'help.asApi.title': 'Cette page comme appel d’API',
  'help.asApi.text':
    'Ce que vous voyez vient de cette requête. Mettez un jeton dans KAITEN_TOKEN pour la faire depuis un terminal.',
  'help.asApi.copy': 'la commande curl',
  'help.asApi.docs': 'Toutes les requêtes : documentation de l’API',
};

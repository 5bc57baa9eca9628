import type { Translated } from '../en';
import type { accounts as en } from '../en/accounts';

export const accounts: Translated<typeof en> = {
  'accounts.title': 'Comptes de service',
  'accounts.intro':
    'Des machines qui appellent l’API. Chaque compte appartient à l’organisation, n’a pas d’adresse e-mail et détient plusieurs jetons.',
  'accounts.tab': 'Comptes',
  'accounts.tabs': 'Comptes de service et jetons',
  'accounts.trail': 'Vous êtes ici',
  'accounts.search': 'Rechercher un compte de service',
  'accounts.none': 'La recherche porte sur les noms et les identifiants courts, sans distinguer les majuscules.',
  'accounts.new': 'Nouveau compte de service',
  'accounts.new.text': 'Donnez-lui le nom de ce à quoi il sert. Ses jetons viennent ensuite.',
  'accounts.name.example': 'mon-application',
  'accounts.empty': 'Aucun compte de service pour l’instant',
  'accounts.empty.text':
    'Une application a besoin d’un compte de service pour détenir ses jetons. Créez-en un par application.',
  'accounts.tokens': 'Jetons',
  'accounts.tokens.none': 'aucun',
  'accounts.tokens.active': { one: '{count} actif', other: '{count} actifs' },
  'accounts.tokens.of': { one: 'sur {count}', other: 'sur {count}' },
  'accounts.lastUsed': 'Dernière utilisation',
  'accounts.created': 'créé',
  'accounts.rename': 'Renommer',
  'accounts.rename.title': 'Renommer le compte de service',
  'accounts.rename.text': 'Son identifiant court, {slug}, reste le même : des programmes peuvent s’y référer.',
  'accounts.renamed': 'Le compte de service a un nouveau nom.',
  'accounts.delete': 'Supprimer le compte de service',
  'accounts.delete.title': 'Supprimer {name} ?',
  'accounts.delete.none': 'Il n’a aucun jeton valable. C’est irréversible.',
  'accounts.delete.text': {
    one: 'Son jeton actif cesse aussitôt de fonctionner, et ce qui s’en sert est refusé. C’est irréversible.',
    other:
      'Ses {count} jetons actifs cessent aussitôt de fonctionner, et ce qui s’en sert est refusé. C’est irréversible.',
  },
  'accounts.deleted': '{name} est supprimé.',
};

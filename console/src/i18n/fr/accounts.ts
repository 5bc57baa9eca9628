import type { Translated } from '../en';
import type { accounts as en } from '../en/accounts';

export const accounts: Translated<typeof en> = {
  'accounts.title': 'Comptes de service',
  'accounts.intro':
    'Des machines qui appellent l’API. Chaque compte appartient à l’organisation, n’a pas d’adresse e-mail et détient plusieurs jetons.',
  'accounts.new': 'Nouveau compte de service',
  'accounts.new.text': 'Donnez-lui le nom de ce à quoi il sert.',
  'accounts.name.example': 'mon-application',
  'accounts.empty': 'Aucun compte de service pour l’instant',
  'accounts.empty.text':
    'Une application a besoin d’un compte de service pour détenir ses jetons. Créez-en un par application.',
  'accounts.tokens': 'Jetons',
  'accounts.tokens.count': { one: '{count} jeton', other: '{count} jetons' },
  'accounts.lastUsed': 'Dernière utilisation',
  'accounts.delete': 'Supprimer le compte de service',
  'accounts.delete.text':
    'Tous ses jetons cessent de fonctionner aussitôt. C’est irréversible. Tapez {name} pour confirmer.',
  'accounts.rename': 'Renommer',
};

import type { Translated } from '../en';
import type { account as en } from '../en/account';

export const account: Translated<typeof en> = {
  'account.menu': 'Compte : {name}',
  'account.nameless': 'Sans nom',
  'account.signOut': 'Se déconnecter',
  'account.role': 'Rôle',
  'account.organization': 'Organisation',
  'account.sessions': 'Sessions',
};

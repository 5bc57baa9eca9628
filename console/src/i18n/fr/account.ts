import type { Translated } from '../en';
import type { account as en } from '../en/account';

export const account: Translated<typeof en> = {
  'account.menu': 'Compte : {name}',
  'account.nameless': 'Sans nom',
  'account.signOut': 'Se déconnecter',
  'account.role': 'Rôle',
  'account.organization': 'Organisation',
  'account.sessions': 'Sessions',
  'account.title': 'Votre compte',
  'account.person': 'Nom',
  'account.may': 'Ce que vous pouvez faire',
  'account.sessions.text': 'Les navigateurs dans lesquels vous vous êtes connecté.',
  'account.sessions.this': 'Ce navigateur',
  'account.sessions.unknown': 'Navigateur inconnu',
  'account.sessions.browser': 'Navigateur',
  'account.sessions.address': 'Connexion depuis',
  'account.sessions.began': 'Connexion',
  'account.sessions.seen': 'Dernière utilisation',
  'account.sessions.ends': 'Fin au plus tard',
  'account.signOutOthers': 'Déconnecter les autres',
  'account.signOutOthers.none': 'Vous n’êtes connecté nulle part ailleurs.',
  'account.signOutOthers.done': 'Les autres sessions ont pris fin.',
  'account.preferences': 'Apparence',
  'role.owner.may': 'Tout.',
  'role.editor.may': 'Tout lire ; tout modifier sauf les jetons, les organisations et les utilisateurs.',
  'role.viewer.may': 'Tout lire, ne rien modifier.',
};

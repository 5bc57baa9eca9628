export const account = {
  'account.menu': 'Account: {name}',
  'account.nameless': 'Nameless',
  'account.signOut': 'Sign out',
  'account.role': 'Role',
  'account.organization': 'Organization',
  'account.sessions': 'Sessions',
} as const;

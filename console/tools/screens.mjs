const ACCOUNTS = '/integrations/service-accounts';
const ACCOUNT = `${ACCOUNTS}/my-app-backend`;

/** What is photographed: name -> address. */
export const PAGES = {
  home: '/',
  account: '/account',
  missing: '/nothing/here',
  customers: '/customers',
  'customers-search': '/customers?q=lu',
  'customers-none': '/customers?q=nobody',
  customer: '/customers/delta-meridian-holdings',
  instances: '/instances',
  instance: '/instances/delta-meridian-holdings-us',
  flags: '/feature-flags',
  'flag-new': '/feature-flags/new',
  flag: '/feature-flags/ai-assistant',
  'service-accounts': ACCOUNTS,
  'service-account': ACCOUNT,
  'service-account-revoked': `${ACCOUNT}?state=revoked`,
  'service-account-empty': `${ACCOUNTS}/data-warehouse`,
  tokens: '/integrations/tokens',
  'tokens-expiring': '/integrations/tokens?state=expiring',
  'token-new': `${ACCOUNT}/tokens/new?name=ci&scopes=read:customers,write:instances`,
};

/** Dialogs are addresses too. */
export const DIALOGS = {
  'as-api': '/customers?help=api',
  'customer-new': '/customers/new',
  'customer-edit': '/customers/delta-meridian-holdings/edit',
  'customer-delete': '/customers/old-town-press/delete',
  'customer-delete-refused': '/customers/delta-meridian-holdings/delete',
  'instance-new': '/instances/new',
  'instance-edit': '/instances/delta-meridian-holdings-us/edit',
  'instance-stage': '/instances/delta-meridian-holdings-us/stage',
  'instance-delete': '/instances/delta-meridian-holdings-us/delete',
  'service-account-new': `${ACCOUNTS}/new`,
  'service-account-rename': `${ACCOUNT}/rename`,
  'service-account-delete': `${ACCOUNT}/delete`,
  'token-rotate': `${ACCOUNT}/tokens/production/rotate`,
  'token-revoke': `${ACCOUNT}/tokens/production/revoke`,
};

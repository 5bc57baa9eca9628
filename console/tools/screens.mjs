const ACCOUNTS = '/integrations/service-accounts';
const ACCOUNT = `${ACCOUNTS}/my-app-backend`;
const FLAG = '/feature-flags/ai-assistant';

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
  flag: FLAG,
  'flag-targeting': `${FLAG}/targeting?at=2`,
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
  'flag-delete': `${FLAG}/delete`,
  'service-account-new': `${ACCOUNTS}/new`,
  'service-account-rename': `${ACCOUNT}/rename`,
  'service-account-delete': `${ACCOUNT}/delete`,
  'token-rotate': `${ACCOUNT}/tokens/production/rotate`,
  'token-revoke': `${ACCOUNT}/tokens/production/revoke`,
};

const CONTEXT = {
  targetingKey: 'user-4711',
  user: { email: 'lea@delta-meridian.example', plan: 'enterprise' },
  kaiten: { instanceSlug: 'delta-meridian-holdings-us' },
};

/** What somebody has to do first: name -> what, and how everything is as before afterwards. */
export const SCENES = {
  'flag-try': {
    async act(page) {
      await page.goto(`${FLAG}/try`);
      const editor = page.getByRole('textbox', { name: 'Context' });
      await editor.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(JSON.stringify(CONTEXT, null, 2));
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.locator('.path').waitFor();
    },
  },
  'flag-compare': {
    async act(page, { api, owner, start }) {
      await page.goto(`${FLAG}/settings`);
      await page
        .getByRole('textbox', { name: 'Description' })
        .fill('The assistant beside every ticket, for all of staff.');
      const { id, name, slug, type, variants, ...rest } = await api('GET', FLAG);
      const { enabled, description, event_name, metadata, targetings } = rest;
      const default_variant = { type: 'rollout_percentage', distribution: { off: 60, suggestions: 40 } };
      const theirs = { description: 'Suggestions beside every ticket.', metadata: { ...metadata, ticket: 'AI-230' } };
      const flag = { name, slug, type, enabled, description, event_name, metadata, variants, targetings };
      await api('PUT', FLAG, { ...flag, ...theirs, default_variant });
      await owner.query('UPDATE feature_flags SET updated_at = $2 WHERE id = $1', [id, new Date(start - 120_000)]);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.waitForURL(`**${FLAG}/compare`);
      return { ...flag, default_variant: rest.default_variant };
    },
    after: (before, { api }) => api('PUT', FLAG, before),
  },
  'token-shown': {
    async act(page) {
      await page.goto(`${ACCOUNT}/tokens/new?name=deploy&scopes=read:customers,write:instances`);
      await page.getByRole('button', { name: 'Generate token' }).click();
      await page.locator('.minted-facts').waitFor();
    },
    after: (_, { owner }) => owner.query(`DELETE FROM tokens WHERE name = 'deploy'`),
  },
};

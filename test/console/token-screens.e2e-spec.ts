import { expect, it } from '@jest/globals';
import {
  describeInBrowser,
  expectAccessible,
  expectSoon,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { goTo, overflowOf, settled } from '../support/console-screens.js';
import { mintedTokens } from '../support/minted-tokens.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';
import { aHolder } from '../support/token-holders.js';

useConsole();

const ACCOUNTS = '/integrations/service-accounts';

const HOSTILE = [
  '<img src=x onerror="alert(1)">',
  '</script><script>alert(1)</script>',
  'مرحبا بالعالم 123',
  '👩‍👩‍👧 launch 🚀',
  'W'.repeat(255),
  'zero\u200bwidth\u2060\ufeff',
  '\u200b\u200b',
  '\u202eltr',
  'constructor',
  'new',
];

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** Tokens in every state that can be made at once, all of them with names that try to break the page. */
async function hostileOrg(): Promise<TestOrganization> {
  const org = await anOrg();
  for (const name of HOSTILE) {
    expect((await org.api.post('/api/service-accounts', { name })).status).toBe(201);
    const made = await org.api.post('/api/service-accounts/my-app-backend/tokens', {
      name,
      scopes: ['read:*', 'write:instances'],
      expiresAt: day(name.length > 20 ? 5 : 200),
      allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'],
    });
    expect(made.status).toBe(201);
    mintedTokens.push(made.body.token);
  }
  await org.api.delete('/api/service-accounts/my-app-backend/tokens/constructor');
  await org.api.post('/api/service-accounts/my-app-backend/tokens/new/rotate', { graceSeconds: 3600 });
  return org;
}

const SCREENS = [
  ACCOUNTS,
  `${ACCOUNTS}?q=nothing-like-that`,
  `${ACCOUNTS}/new`,
  `${ACCOUNTS}/my-app-backend`,
  `${ACCOUNTS}/my-app-backend?state=revoked`,
  `${ACCOUNTS}/my-app-backend?state=expired`,
  `${ACCOUNTS}/my-app-backend/rename`,
  `${ACCOUNTS}/my-app-backend/delete`,
  `${ACCOUNTS}/my-app-backend/tokens/new?scopes=read:customers,write:nothing`,
  `${ACCOUNTS}/my-app-backend/tokens/new/rotate`,
  `${ACCOUNTS}/my-app-backend/tokens/new/revoke`,
  `/integrations/tokens`,
  `/integrations/tokens?state=expiring`,
  `${ACCOUNTS}/nowhere`,
  `${ACCOUNTS}/nowhere/tokens/new`,
  `${ACCOUNTS}/my-app-backend/tokens/nothing/revoke`,
];

describeInBrowser('the screens of accounts and tokens', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const language of ['en', 'fr'] as const) {
      it(`are accessible, and fit a phone: ${theme}, ${language}`, async () => {
        const org = await hostileOrg();
        const page = await signedInPage(org, { theme, language });
        for (const screen of SCREENS) {
          await page.setViewportSize({ width: 1280, height: 800 });
          await goTo(page, screen);
          await settled(page);
          await expectAccessible(page);
          await page.setViewportSize({ width: 360, height: 740 });
          expect({ screen, overflow: await overflowOf(page) }).toEqual({ screen, overflow: 0 });
          await expectAccessible(page);
        }
      }, 120_000);
    }
  }

  it('show every name as the text that it is, and open what is behind it', async () => {
    const org = await hostileOrg();
    const page = await signedInPage(org, { path: `${ACCOUNTS}?sort=createdAt` });
    const accounts: { name: string; slug: string }[] = (await org.api.get('/api/service-accounts?limit=200')).body
      .items;
    for (const name of HOSTILE) {
      const { slug } = accounts.find((account) => account.name === name)!;
      const row = page.getByRole('row').filter({ has: page.getByText(slug, { exact: true }) });
      const shown = await row.getByRole('link').textContent();
      expect(shown).toBe(name === '\u200b\u200b' ? slug : name);
      await row.getByRole('link').click();
      await page.getByRole('button', { name: 'Rename' }).waitFor();
      await expectSoon(() => page.locator('h1').textContent(), shown);
      await page.goBack();
    }
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  it('search, order and narrow by the address, through back and reload', async () => {
    const org = await hostileOrg();
    const page = await signedInPage(org, { path: ACCOUNTS });
    await page.getByRole('searchbox').fill('CONSTR');
    await page.getByText('1 in all', { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=CONSTR');
    await page.reload();
    await page.getByText('1 in all', { exact: true }).waitFor();
    await page.goto(ACCOUNTS);
    await page.getByRole('button', { name: 'Name' }).click();
    await page.waitForURL(/sort=name/);
    await page.getByRole('link', { name: /Never used/ }).click();
    await page.waitForURL(/\/integrations\/tokens\?state=unused$/);
    await page.getByRole('link', { name: /^Active/ }).click();
    await page.waitForURL(/\?state=active$/);
    await page.goBack();
    await page.waitForURL(/sort=name/);
    await settled(page);
  });

  it('narrow all tokens to those of one account, which the address names', async () => {
    const org = await anOrg();
    const holder = await aHolder(org.api);
    await holder.created({ name: 'held' });
    const page = await signedInPage(org, { path: '/integrations/tokens' });
    await page.getByText('not used for 90 days').waitFor();
    await page.getByText('2 in all', { exact: true }).waitFor();
    const account = page.getByRole('combobox', { name: 'Service account' });
    await account.fill('holder');
    await page.getByRole('option', { name: 'Holder' }).click();
    await page.waitForURL(`**/integrations/tokens?serviceAccount=${holder.slug}`);
    await page.reload();
    await page.getByText('1 in all', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'All 1', exact: true }).waitFor();
    await expectSoon(() => account.inputValue(), 'Holder');
    await expectAccessible(page);
    await account.fill('');
    await page.getByText('2 in all', { exact: true }).waitFor();
    await expectSoon(() => page.locator('.narrowing a').first().textContent(), 'All 2');
  });

  it('make dialogs that are addresses: back closes them, a pasted address opens them', async () => {
    const org = await hostileOrg();
    const page = await signedInPage(org, { path: `${ACCOUNTS}/my-app-backend?state=active` });
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('dialog').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('renamed');
    await page.reload();
    await expectSoon(() => page.getByRole('textbox', { name: 'Name' }).inputValue(), 'renamed');
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?state=active');
    await page.goForward();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'renamed' }).waitFor();
    await page.goto(`${ACCOUNTS}/my-app-backend/delete`);
    const confirm = page.getByRole('button', { name: 'Delete service account' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole('dialog').getByRole('textbox').fill('my-app-backend');
    await confirm.click();
    await page.waitForURL(new RegExp(`${ACCOUNTS}$`));
    expect((await org.api.get('/api/service-accounts/my-app-backend')).status).toBe(401);
  });
});

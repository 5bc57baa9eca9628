import { expect, it } from '@jest/globals';
import { apiCallOf } from '../../console/src/help/api-path.js';
import { consoleUrl, describeInBrowser, signedInPage, useConsole } from '../support/console-browser.js';
import { mintedTokens } from '../support/minted-tokens.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const ACCOUNTS = '/integrations/service-accounts';

/** As `env.ts` has it when nothing says otherwise; the suite listens elsewhere. */
const API_URL = 'http://localhost:6000/api';

/** Calls are below it. */
const CALLS: readonly (readonly [address: string, call: string])[] = [
  ['/', '/me'],
  ['/account', '/me'],
  ['/customers?q=o%27brien&sort=-createdAt&page=2', '/customers?sort=-createdAt&q=o%27brien'],
  ['/customers/acme', '/customers/acme'],
  [
    '/instances?customer=acme&status=INCIDENT&stage=A+B',
    '/instances?sort=name&customerId=acme&status=INCIDENT&lifecycleStage=A+B',
  ],
  ['/instances/production', '/instances/production'],
  [`${ACCOUNTS}?q=app`, '/service-accounts?sort=-createdAt&q=app'],
  [`${ACCOUNTS}/my-app-backend?state=active`, '/service-accounts/my-app-backend/tokens?sort=-createdAt&state=active'],
  ['/integrations/tokens?state=unused&sort=expiresAt', '/tokens?sort=expiresAt&state=unused'],
];

/** Asked of the function alone. What a page does not understand of its address, it does not ask for. */
const MORE: typeof CALLS = [
  ['/integrations/tokens?serviceAccount=my-app-backend', '/tokens?sort=-createdAt&serviceAccount=my-app-backend'],
  ['/feature-flags?enabled=false', '/feature-flags?sort=name&enabled=false'],
  ['/customers?sort=nonsense&state=active', '/customers?sort=name'],
  ['/instances?sort=-&status=BROKEN&hasLifecycleStage=true', '/instances?sort=name'],
  ['/feature-flags?sort=expiresAt&enabled=yes', '/feature-flags?sort=name'],
  [`${ACCOUNTS}?sort=slug`, '/service-accounts?sort=-createdAt'],
  [`${ACCOUNTS}/my-app-backend?state=dead&sort=constructor`, '/service-accounts/my-app-backend/tokens?sort=-createdAt'],
  ['/integrations/tokens?state=toString&sort=slug', '/tokens?sort=-createdAt'],
];

describeInBrowser('the request behind a page', () => {
  it('is a curl that is answered, on every page', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    await org.api.post('/api/instances', { name: 'Production', slug: 'production', customerId: 'acme' });
    const made = await org.api.post('/api/service-accounts/my-app-backend/tokens', {
      name: 'all',
      scopes: ['write:*'],
    });
    mintedTokens.push(made.body.token);
    const page = await signedInPage(org, { permissions: ['clipboard-read', 'clipboard-write'] });
    for (const [address, call] of CALLS) {
      await page.goto(address);
      await page.getByRole('button', { name: 'As API' }).click();
      await page.getByRole('dialog').getByRole('button', { name: /^Copy/ }).click();
      await page
        .getByRole('button', { name: /^Copied/ })
        .first()
        .waitFor();
      const curl = await page.evaluate<string>('navigator.clipboard.readText()');
      const url = /^curl '([^']+)' \\\n {2}-H "Authorization: Bearer \$KAITEN_TOKEN"$/.exec(curl)?.[1];
      expect(url).toBe(API_URL + call);
      const answer = await fetch(`${consoleUrl()}/api${call}`, {
        headers: { Authorization: `Bearer ${made.body.token}` },
      });
      expect([call, answer.status]).toEqual([call, 200]);
      expect(await page.getByRole('link', { name: /All requests/ }).getAttribute('href')).toBe('/api/docs');
    }
  });

  it('opens over the page as it is, and is closed by going back as by Escape', async () => {
    const org = await anOrg();
    for (let n = 0; n < 60; n += 1)
      await org.api.post('/api/customers', { name: `Customer ${String(n).padStart(2, '0')}` });
    const page = await signedInPage(org, { path: '/customers' });
    await page.getByRole('link', { name: 'Next' }).click();
    const isSecondPage = (): Promise<void> => page.getByText('51–60 of 60').waitFor();
    await isSecondPage();
    const dialog = page.getByRole('dialog');
    const open = async (): Promise<void> => {
      await page.getByRole('button', { name: 'As API' }).click();
      await dialog.waitFor();
    };
    for (const close of [() => page.keyboard.press('Escape'), () => page.goBack()]) {
      await open();
      await close();
      await dialog.waitFor({ state: 'detached' });
      await isSecondPage();
    }
    await page.goBack();
    await page.getByText('1–50 of 60').waitFor();

    // In a tab that begins with it there is nothing to go back to.
    await page.goto('/customers?q=Customer+0&help=api');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${consoleUrl()}/customers?q=Customer+0`);
  });

  it.each(MORE)('is asked for what the page understands: %s', (address, path) => {
    const { pathname, searchParams } = new URL(address, API_URL);
    expect(apiCallOf(pathname, Object.fromEntries(searchParams))).toEqual({ method: 'GET', path });
  });

  it('is the one that a form makes', () => {
    expect(apiCallOf(`${ACCOUNTS}/ci/tokens/new`, { name: 'a', scopes: 'read:customers,read:instances' })).toEqual({
      method: 'POST',
      path: '/service-accounts/ci/tokens',
      body: { name: 'a', scopes: ['read:customers', 'read:instances'] },
    });
  });
});

import { expect, it } from '@jest/globals';
import { apiCallOf } from '../../console/src/help/api-path.js';
import { consoleUrl, describeInBrowser, signedInPage, useConsole } from '../support/console-browser.js';
import { mintedTokens } from '../support/minted-tokens.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const ACCOUNTS = '/integrations/service-accounts';

const CALLS: readonly (readonly [address: string, call: string])[] = [
  ['/', '/api/me'],
  ['/account', '/api/me'],
  ['/customers?q=o%27brien&sort=-createdAt&page=2', '/api/customers?sort=-createdAt&q=o%27brien'],
  ['/customers/acme', '/api/customers/acme'],
  [
    '/instances?customer=acme&status=INCIDENT&stage=A+B',
    '/api/instances?sort=name&customerId=acme&status=INCIDENT&lifecycleStage=A+B',
  ],
  ['/instances/production', '/api/instances/production'],
  [`${ACCOUNTS}?q=app`, '/api/service-accounts?sort=-createdAt&q=app'],
  [
    `${ACCOUNTS}/my-app-backend?state=active`,
    '/api/service-accounts/my-app-backend/tokens?sort=-createdAt&state=active',
  ],
  ['/integrations/tokens?state=unused&sort=expiresAt', '/api/tokens?sort=expiresAt&state=unused'],
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
      expect(url).toBe(consoleUrl() + call);
      const answer = await fetch(url!, { headers: { Authorization: `Bearer ${made.body.token}` } });
      expect([call, answer.status]).toEqual([call, 200]);
      expect(await page.getByRole('link', { name: /All requests/ }).getAttribute('href')).toBe('/api/docs');
    }
  });

  it('is the one that a form makes', () => {
    expect(apiCallOf(`${ACCOUNTS}/ci/tokens/new`, { name: 'a', scopes: 'read:customers,read:instances' })).toEqual({
      method: 'POST',
      path: '/api/service-accounts/ci/tokens',
      body: { name: 'a', scopes: ['read:customers', 'read:instances'] },
    });
  });
});

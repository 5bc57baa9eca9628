import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  consoleUrl,
  describeInBrowser,
  expectSoon,
  newContext,
  openPage,
  signInOn,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { mintedTokens } from '../support/minted-tokens.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const ACCOUNTS = '/integrations/service-accounts';

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

/** A page of an owner, which may use the clipboard. */
const ownersPage = (org: TestOrganization, path: string): Promise<Page> =>
  signedInPage(org, { path, permissions: ['clipboard-read', 'clipboard-write'] });

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

async function callWith(token: string): Promise<number> {
  mintedTokens.push(token);
  return (await fetch(`${consoleUrl()}/api/customers`, { headers: { Authorization: `Bearer ${token}` } })).status;
}

/** All of the page that scripts can reach. */
async function traces(page: Page): Promise<string> {
  const reachable = await page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
      performance.getEntries(),
    ]),
  );
  const stored = await page.context().storageState({ indexedDB: true });
  return reachable + JSON.stringify(stored);
}

/** Everything in the page's memory, once what nothing holds any more has been collected. */
async function memory(page: Page): Promise<string> {
  const debug = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  debug.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await debug.send('HeapProfiler.enable');
  await debug.send('HeapProfiler.collectGarbage');
  await debug.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await debug.detach();
  return chunks.join('');
}

describeInBrowser('the way to a token', () => {
  it('leads from a sign-in link to a curl that is answered', async () => {
    const org = await anOrg();
    const page = await openPage(await newContext({ permissions: ['clipboard-read', 'clipboard-write'] }));
    await signInOn(page, org);
    await page.getByRole('link', { name: 'Service accounts', exact: true }).click();
    await button(page, 'New service account').click();
    expect(new URL(page.url()).pathname).toBe(`${ACCOUNTS}/new`);
    await page.getByRole('textbox', { name: 'Name' }).fill('checkout');
    await button(page, 'Create').click();
    await page.getByRole('heading', { name: 'checkout' }).waitFor();

    await page.locator('header').getByRole('button', { name: 'Generate token' }).click();
    // Three interactions from here on: name, preset, generate.
    await page.getByRole('textbox', { name: 'Name' }).fill('production');
    await button(page, 'Data plane').click();
    await expectScopes(page, [
      'read:customers',
      'read:instances',
      'write:instances',
      'read:licenses',
      'read:entitlements',
      'read:feature_flags',
    ]);
    await button(page, 'Generate token').click();
    await page.getByText('It cannot be shown again').waitFor();
    await button(page, 'Copy command').click();
    const curl = await clipboard(page);
    const [, url, token] = /^curl (\S+) \\\n {2}-H 'Authorization: Bearer (ksh_\w+)'$/.exec(curl) ?? [];
    // The session's apiUrl, which is where applications ask, and not where the console is.
    expect(url).toBe('http://localhost:6000/api/customers');
    expect(await callWith(token!)).toBe(200);
    await button(page, 'Copy').click();
    await page.getByRole('button', { name: 'Copied' }).first().waitFor();
    await expect(clipboard(page)).resolves.toBe(token);

    await button(page, 'Done').click();
    await page.getByRole('heading', { name: 'production' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${ACCOUNTS}/checkout`);
    const [made] = (await org.api.get('/api/service-accounts/checkout/tokens')).body.items;
    expect(made).toMatchObject({ name: 'production', lastFour: token!.slice(-4) });
    expect(Math.round((Date.parse(made.expiresAt) - Date.now()) / 86_400_000)).toBe(90);
  });

  it('leaves the value nowhere', async () => {
    const org = await anOrg();
    const page = await ownersPage(org, `${ACCOUNTS}/my-app-backend/tokens/new?name=ci&scopes=read:customers`);
    await button(page, 'Generate token').click();
    await button(page, 'Copy').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const token = await clipboard(page);
    expect(await callWith(token)).toBe(200);
    // While it is shown it is in the document, and only there.
    expect(await page.locator('main').textContent()).toContain(token);
    expect((await memory(page)).includes(token)).toBe(true);
    await button(page, 'Done').click();
    await page.getByRole('heading', { name: 'ci', exact: true }).waitFor();
    expect(await traces(page)).not.toContain(token);
    expect((await memory(page)).includes(token)).toBe(false);
    await page.goBack();
    await page.goForward();
    await page.getByRole('heading', { name: 'ci', exact: true }).waitFor();
    expect(await traces(page)).not.toContain(token);
  });

  it('asks before it is left without the value', async () => {
    const org = await anOrg();
    const page = await ownersPage(org, `${ACCOUNTS}/my-app-backend`);
    await page.locator('header').getByRole('button', { name: 'Generate token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ci');
    await button(page, 'Read everything').click();
    await button(page, 'Generate token').click();
    await page.getByText('It cannot be shown again').waitFor();
    await page.goBack();
    await button(page, 'Stay here').click();
    await page.getByText('It cannot be shown again').waitFor();
    await button(page, 'Done').click();
    await button(page, 'Leave without it').click();
    await page.getByRole('heading', { name: 'ci', exact: true }).waitFor();
    // Reloading is asked about by the browser itself.
    await page.goto(`${ACCOUNTS}/my-app-backend/tokens/new?name=other&scopes=read:*`);
    await button(page, 'Generate token').click();
    await page.getByText('It cannot be shown again').waitFor();
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await page.reload();
    expect(await asked).toBe('beforeunload');
    await page.getByRole('heading', { name: 'Generate a token' }).waitFor();
  });

  it('waits out a server that is away: the draft stays, the alarm does not', async () => {
    const path = `${ACCOUNTS}/my-app-backend/tokens/new?scopes=read:customers`;
    const page = await signedInPage(await anOrg(), { path, ignore: /Failed to load resource/ });
    await page.getByRole('textbox', { name: 'Name' }).fill('patient');
    await page.context().setOffline(true);
    await button(page, 'Generate token').click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.context().setOffline(false);
    await expectSoon(() => page.getByRole('alert').count(), 0);
    await expect(page.getByRole('textbox', { name: 'Name' }).inputValue()).resolves.toBe('patient');
    await button(page, 'Generate token').click();
    await page.getByText('It cannot be shown again').waitFor();
  });

  it('is filled in by its address, with what is a scope', async () => {
    const org = await anOrg();
    const page = await ownersPage(
      org,
      `${ACCOUNTS}/my-app-backend/tokens/new?name=007&scopes=read:customers,write:instances,delete:all`,
    );
    await expectScopes(page, ['read:customers', 'read:instances', 'write:instances']);
    await expectSoon(() => page.getByRole('textbox', { name: 'Name' }).inputValue(), '007');
    await page.getByText('The link asks for what is no scope: delete:all.').waitFor();
    await page.getByRole('radio', { name: 'Everything: Read', exact: true }).check();
    await expectScopes(page, ['read:*', 'write:instances']);
    expect(await page.getByRole('radio', { name: 'Customers: None' }).isDisabled()).toBe(true);
    await button(page, 'Clear').click();
    await button(page, 'Generate token').click();
    await page.getByText('Choose at least one.').waitFor();
  });

  it('follows the policy, and says what the server refuses at its field', async () => {
    const org = await anOrg();
    await org.api.put('/api/token-policy', {
      longestLifetimeDays: 60,
      expiryRequired: true,
      requiredCidrs: ['10.0.0.0/8'],
    });
    const page = await ownersPage(org, `${ACCOUNTS}/my-app-backend/tokens/new?name=ci&scopes=read:customers`);
    await page.getByText('A token lives for 60 days at the most.').waitFor();
    for (const days of ['in 90 days', 'in 365 days', 'never']) {
      expect(await page.getByRole('radio', { name: days }).isDisabled()).toBe(true);
    }
    expect(await page.getByRole('radio', { name: 'in 30 days' }).isChecked()).toBe(true);
    const networks = page.getByRole('textbox', { name: 'Allowed networks' });
    await expectSoon(() => networks.inputValue(), '10.0.0.0/8');
    await networks.fill('10.0.0.1/8');
    await button(page, 'Generate token').click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await networks.fill('10.1.0.0/16, 10.2.0.0/16');
    await button(page, 'Generate token').click();
    await page.getByText('10.1.0.0/16, 10.2.0.0/16').waitFor();
    await button(page, 'Copy').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    mintedTokens.push(await clipboard(page));
  });
});

describeInBrowser('what becomes of a token', () => {
  it('is rotated with a grace, and revoked', async () => {
    const org = await anOrg();
    const { body: old } = await org.api.post('/api/service-accounts/my-app-backend/tokens', {
      name: 'ci',
      scopes: ['read:customers'],
    });
    const page = await ownersPage(org, `${ACCOUNTS}/my-app-backend`);
    await button(page, 'Rotate ci').click();
    await page.getByRole('radio', { name: /for 1 hour more/ }).check();
    await button(page, 'Rotate token').click();
    await page.getByText('The old value works for 1 hour more.').waitFor();
    await button(page, 'Copy').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const token = await clipboard(page);
    expect(await callWith(token)).toBe(200);
    expect(await callWith(old.token)).toBe(200);
    await button(page, 'Done').click();
    await page.getByText('Replaced', { exact: true }).first().waitFor();
    expect(await traces(page)).not.toContain(token);
    expect((await memory(page)).includes(token)).toBe(false);

    await page.goto(`${ACCOUNTS}/my-app-backend/tokens/ci/revoke`);
    await page.getByText('Whatever uses this token is refused from now on.').waitFor();
    await button(page, 'Revoke token').click();
    await page
      .getByRole('list', { name: 'Tokens', exact: true })
      .getByText('Revoked', { exact: true })
      .first()
      .waitFor();
    expect(await callWith(old.token)).toBe(401);
    expect(await callWith(token)).toBe(200);
  });

  it('is nothing that a viewer decides', async () => {
    const org = await anOrg();
    await org.api.post('/api/service-accounts/my-app-backend/tokens', { name: 'ci', scopes: ['read:customers'] });
    const page = await signedInPage(org, { role: 'viewer', path: `${ACCOUNTS}/my-app-backend` });
    for (const name of ['Generate token', 'Rename', 'Delete', 'Rotate ci', 'Revoke ci']) {
      const refused = button(page, name).first();
      expect(await refused.getAttribute('aria-disabled')).toBe('true');
      await refused.click({ force: true });
    }
    expect(new URL(page.url()).pathname).toBe(`${ACCOUNTS}/my-app-backend`);
    await page.mouse.move(0, 0);
    await button(page, 'Rename').hover();
    await page.getByRole('tooltip', { name: 'Needs the scope write:tokens; your role is Viewer.' }).waitFor();
    for (const path of ['rename', 'delete', 'tokens/ci/rotate', 'tokens/ci/revoke']) {
      await page.goto(`${ACCOUNTS}/my-app-backend/${path}`);
      await page.getByRole('dialog').getByText('Needs the scope write:tokens').waitFor();
    }
  });
});

async function expectScopes(page: Page, scopes: readonly string[]): Promise<void> {
  const shown = page.locator('.scope-summary code');
  await page.locator('.scope-summary').getByText(scopes.at(-1)!, { exact: true }).waitFor();
  expect((await shown.allTextContents()).sort()).toEqual([...scopes].sort());
}

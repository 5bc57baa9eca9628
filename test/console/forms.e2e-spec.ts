import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import {
  describeInBrowser,
  expectAccessible,
  expectSoon,
  openPage,
  signInOn,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';

useConsole();

/** Forms of the console: where each is, which field is filled in, and what sends it. */
const FORMS: readonly (readonly [path: string, field: string | RegExp, text: string, send: string])[] = [
  ['/integrations/service-accounts/new', 'Name', 'Ōkami', 'Create'],
  ['/integrations/service-accounts/my-app-backend/rename', 'Name', 'Ōkami', 'Save'],
  ['/integrations/service-accounts/my-app-backend/tokens/new?scopes=read:customers', 'Name', 'Ōkami', 'Generate token'],
  ['/customers/new', 'Name', 'Ōkami', 'Create'],
  ['/customers/acme/edit', 'Domain', 'okami.example', 'Save'],
  ['/instances/new?for=acme', 'Name', 'Ōkami', 'Create'],
  ['/instances/production/edit', /Description/, 'Two\nlines', 'Save'],
  ['/instances/production/stage', 'Lifecycle stage', 'Pilote', 'Save'],
  ['/instances/production', /Metadata as JSON/, '{ "typed": true }', 'Save'],
];

async function filledOrg(): Promise<TestOrganization> {
  const org = await anOrg();
  await org.api.post('/api/customers', { name: 'Acme' });
  await org.api.post('/api/instances', { name: 'Production', slug: 'production', customerId: 'acme' });
  return org;
}

const fieldOf = (page: Page, name: string | RegExp): Locator => page.getByRole('textbox', { name }).first();

/** Of a field, or of an editor, which is none for the browser. */
const textIn = (field: Locator): Promise<string> =>
  field.evaluate((element) => ('value' in element ? String(element.value) : (element as HTMLElement).innerText));

describeInBrowser('what somebody has typed', () => {
  it.each(FORMS)('into %s outlives the end of the session', async (path, field, text, send) => {
    const org = await filledOrg();
    const page = await signedInPage(org, { name: 'Ada', path });
    await fieldOf(page, field).fill(text);
    // As if twelve hours had passed: the server has forgotten the session, the browser keeps its cookie.
    await page.evaluate(`fetch('/api/session', { method: 'DELETE' })`);
    await page.getByRole('button', { name: send, exact: true }).last().click();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    const other = await openPage(page.context());
    await signInOn(other, org, { name: 'Ada' });
    await expectSoon(() => textIn(fieldOf(page, field)), text);
    expect(page.url()).toContain(path);
    // And nobody else who signs in in this browser finds it.
    await signInOn(page, org, { name: 'Eve' });
    await page.goto(path);
    await fieldOf(page, field).waitFor();
    expect(await textIn(fieldOf(page, field))).not.toBe(text);
  });

  it('is not lost by a click beside the dialog, nor by leaving it; cancelling forgets it', async () => {
    const page = await signedInPage(await filledOrg(), { path: '/customers/new' });
    const dialog = page.getByRole('dialog');
    const name = fieldOf(page, 'Name');
    await name.fill('Ōkami');
    await page.mouse.click(5, 300);
    await expectSoon(() => name.inputValue(), 'Ōkami');
    // The click has taken it away, for a moment.
    await expectSoon(() => page.evaluate('Boolean(document.activeElement.closest("[role=dialog]"))'), true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New customer' }).click();
    await dialog.getByText('You typed this earlier.').waitFor();
    expect(await name.inputValue()).toBe('Ōkami');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Start over' }).click();
    await expectSoon(() => name.inputValue(), '');
    await name.fill('Kitsune');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New customer' }).click();
    await expectSoon(() => name.inputValue(), '');
    expect(await dialog.getByText('You typed this earlier.').count()).toBe(0);
  });

  it('earlier is held against what has become of it since: both are shown, and one chooses', async () => {
    const org = await filledOrg();
    const page = await signedInPage(org, { path: '/customers/acme/edit' });
    await fieldOf(page, 'Name').fill('Mine');
    await page.goto('/');
    await org.api.put('/api/customers/acme', { name: 'Theirs', domain: 'theirs.example' });
    await page.goto('/customers/acme/edit');
    const dialog = page.getByRole('dialog');
    await expectSoon(() => fieldOf(page, 'Name').inputValue(), 'Mine');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('row', { name: 'Name Theirs Mine' }).waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save mine' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
    expect((await org.api.get('/api/customers/acme')).body).toMatchObject({ name: 'Mine', domain: 'theirs.example' });
  });

  it('is never saved over what somebody else saves in the same moment', async () => {
    const org = await filledOrg();
    const page = await signedInPage(org, { path: '/customers/acme/edit' });
    let sent = 0;
    await page.route('**/api/customers/*', async (route) => {
      if (route.request().method() === 'PUT' && (sent += 1) === 1)
        await org.api.put('/api/customers/acme', { name: 'Theirs', domain: 'theirs.example' });
      await route.continue();
    });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: 'Name Theirs Mine' }).waitFor();
    expect([sent, (await org.api.get('/api/customers/acme')).body.name]).toEqual([1, 'Theirs']);
    await page.getByRole('button', { name: 'Save mine' }).click();
    await page.waitForURL('**/customers/acme');
    expect((await org.api.get('/api/customers/acme')).body).toMatchObject({ name: 'Mine', domain: 'theirs.example' });
  });
});

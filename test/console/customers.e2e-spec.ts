import { expect, it } from '@jest/globals';
import {
  describeInBrowser,
  expectAccessible,
  expectAccessibleInBothThemes,
  expectSoon,
  openPage,
  signInOn,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { goTo, settled } from '../support/console-screens.js';
import { anOrg } from '../support/organizations.js';
import { insertCustomers } from '../support/rows.js';

useConsole();

/** Names as no test writer would choose them, and what is seen of each. */
const HOSTILE = [
  '<img src=x onerror="console.error(1)"><script>console.error(2)</script>',
  '</script><b>bold</b>',
  'مرحبا بالعالم',
  '\u202egnisrever',
  '🌸🏯👩‍👩‍👧‍👦',
  'W'.repeat(255),
  'constructor',
  '__proto__',
];

describeInBrowser('customers in the console', () => {
  it('are made, found, changed and deleted, each dialog at an address of its own', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { path: '/customers' });
    await page.getByRole('heading', { name: 'No customers yet' }).waitFor();
    await page.getByRole('button', { name: 'New customer' }).first().click();
    await page.waitForURL('**/customers/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme');
    await page.getByRole('textbox', { name: 'Domain' }).fill('ACME.example');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL('**/customers/acme');
    await page.getByText('acme.example').waitFor();
    expect((await org.api.get('/api/customers/acme')).body).toMatchObject({ name: 'Acme', domain: 'acme.example' });

    await page.getByRole('button', { name: 'Edit' }).click();
    await page.waitForURL('**/customers/acme/edit');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme & Sons');
    await page.getByRole('textbox', { name: 'Domain' }).fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Acme & Sons' }).waitFor();
    expect((await org.api.get('/api/customers/acme')).body.domain).toBeUndefined();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/customers/acme/delete');
    await page.reload();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete customer' }).click();
    await page.waitForURL('**/customers');
    await page.getByRole('heading', { name: 'No customers yet' }).waitFor();
    expect((await org.api.get('/api/customers/acme')).status).toBe(404);
  });

  it('show what is refused at its field, and keep what was typed', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'First', slug: 'taken' });
    const page = await signedInPage(org, { path: '/customers/new' });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    const name = dialog.getByRole('textbox', { name: 'Name', exact: true });
    await expect(name.getAttribute('aria-invalid')).resolves.toBe('true');
    await dialog.getByText('Fill this in.').waitFor();
    await name.fill('Second');
    await dialog.getByRole('textbox', { name: 'Slug' }).fill('taken');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('Another customer has this slug.').waitFor();
    await expectSoon(() => page.evaluate(`document.activeElement?.getAttribute('aria-invalid')`), 'true');
    await expectAccessible(page);
    // The form is there again after a reload, as it was.
    await page.reload();
    await expectSoon(() => name.inputValue(), 'Second');
    await dialog.getByRole('textbox', { name: 'Slug' }).fill('free');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL('**/customers/free');
  });

  it('are searched, sorted and paged by the server, as the address says: back and reload show the same', async () => {
    const org = await anOrg();
    await insertCustomers(org, 120, `'Customer ' || lpad(i::text, 4, '0')`);
    const page = await signedInPage(org, { path: '/customers' });
    const first = page.locator('tbody .row-link').first();
    await page.getByText('1–50 of 120').waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText('51–100 of 120').waitFor();
    await expectSoon(() => first.textContent(), 'Customer 0051');
    await page.reload();
    await page.getByText('51–100 of 120').waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText('101–120 of 120').waitFor();
    await page.getByRole('link', { name: 'Previous' }).click();
    await page.getByText('51–100 of 120').waitFor();
    await page.goBack();
    await page.getByText('101–120 of 120').waitFor();

    await page.getByRole('button', { name: 'Created' }).click();
    await page.getByText('1–50 of 120').waitFor();
    await page.getByRole('button', { name: 'Created' }).click();
    await page.waitForURL('**/customers?sort=-createdAt');
    await page.getByRole('link', { name: 'Customer 0120' }).waitFor();
    await page.getByRole('searchbox').fill('0007');
    await page.waitForURL(/q=0007/);
    await page.getByText('1 in all').waitFor();
    await page.getByRole('link', { name: 'Customer 0007' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customer 0007' }).waitFor();
    await page.goBack();
    await expectSoon(() => page.getByRole('searchbox').inputValue(), '0007');
    await page.getByText('1 in all').waitFor();
  });

  it('may have any name: it is text and nothing else', async () => {
    const org = await anOrg();
    for (const name of HOSTILE) await org.api.post('/api/customers', { name });
    await org.api.post('/api/customers', { name: '\u200b\u200d', slug: 'invisible' });
    const page = await signedInPage(org, { path: '/customers' });
    await page.getByText(`${HOSTILE.length + 1} in all`).waitFor();
    const names = await page.locator('tbody .row-link').allTextContents();
    expect(names.sort()).toEqual([...HOSTILE, 'invisible'].sort());
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('link', { name: 'WWWW' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.goto('/customers/constructor');
    await page.getByRole('heading', { level: 1, name: 'constructor' }).waitFor();
  });

  it('with instances cannot be deleted, and are told why', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    const page = await signedInPage(org, { path: '/customers/acme/delete', ignore: /status of 400/ });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete customer' }).waitFor();
    // Somebody else makes one while the dialog is open.
    await org.api.post('/api/instances', { name: 'Production', customerId: 'acme' });
    await dialog.getByRole('button', { name: 'Delete customer' }).click();
    await dialog.getByText('has 1 instance.').waitFor();
    await expect(dialog.getByRole('button', { name: 'Delete customer' }).count()).resolves.toBe(0);
    await dialog.getByRole('link', { name: 'Show its instances' }).click();
    await page.waitForURL('**/instances?customer=acme');
    await page.getByText('1 in all').waitFor();
  });

  it('are only looked at by a viewer: buttons say why they are off', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    const page = await signedInPage(org, { role: 'viewer', path: '/customers/acme' });
    for (const name of ['Edit', 'Delete', 'New instance']) {
      const button = page.getByRole('button', { name }).first();
      await expect(button.getAttribute('aria-disabled')).resolves.toBe('true');
    }
    await page.getByRole('button', { name: 'Edit' }).focus();
    await page.getByRole('tooltip').getByText('write:customers').waitFor();
    await expectAccessible(page);
  });

  it('are changed in two tabs: different fields both stay, the same field is asked about', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    const one = await signedInPage(org, { path: '/customers/acme/edit' });
    const two = await openPage(one.context());
    await two.goto('/customers/acme/edit');
    await one.getByRole('textbox', { name: 'Name', exact: true }).fill('One');
    await two.getByRole('textbox', { name: 'External id' }).fill('crm-2');
    await two.getByRole('button', { name: 'Save' }).click();
    await two.waitForURL('**/customers/acme');
    await one.getByRole('button', { name: 'Save' }).click();
    await one.waitForURL('**/customers/acme');
    expect((await org.api.get('/api/customers/acme')).body).toMatchObject({ name: 'One', externalCustomerId: 'crm-2' });

    await one.getByRole('button', { name: 'Edit' }).click();
    await one.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine');
    await org.api.put('/api/customers/acme', { name: 'Theirs' });
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByRole('alert').getByText('changed this meanwhile').waitFor();
    expect((await org.api.get('/api/customers/acme')).body.name).toBe('Theirs');
    await one.getByRole('button', { name: 'Take the present ones' }).click();
    await expectSoon(() => one.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Theirs');
  });

  it('keep a form through an outage and through a new sign-in', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { path: '/customers/new', name: 'Ada', ignore: /Failed to load resource/ });
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Patient');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const unreachable = page.getByRole('alert').getByText('The server cannot be reached');
    await unreachable.waitFor();
    await page.context().setOffline(false);
    await unreachable.waitFor({ state: 'hidden' });
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page
      .getByText(/Your session has ended/)
      .first()
      .waitFor();
    await signInOn(page, org, { name: 'Ada' });
    await page.goto('/customers/new');
    await expectSoon(() => page.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Patient');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL('**/customers/patient');
  });

  it.each(['en', 'fr'] as const)('are accessible in %s, light and dark', async (language) => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme', externalCustomerId: 'crm-1' });
    await org.api.post('/api/instances', { name: 'Production', customerId: 'acme' });
    const page = await signedInPage(org, { language, path: '/customers' });
    for (const [path, ready] of [
      ['/customers', 'tbody .row-link'],
      ['/customers?q=nothing', '.empty'],
      ['/customers/new', '[role=dialog] form'],
      ['/customers/acme', 'tbody .row-link'],
      ['/customers/acme/edit', '[role=dialog] form'],
      ['/customers/acme/delete', '[role=dialog] a'],
    ] as const) {
      await goTo(page, path);
      await settled(page);
      await page.locator(ready).first().waitFor();
      await expectAccessibleInBothThemes(page);
    }
  });
});

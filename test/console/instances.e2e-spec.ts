import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkJson } from '../../console/src/editors/json-check.js';
import {
  describeInBrowser,
  expectAccessible,
  expectAccessibleInBothThemes,
  expectSoon,
  openPage,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { goTo, settled } from '../support/console-screens.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useConsole();

let org: TestOrganization;
const instance = async (slug = 'production') => (await org.api.get(`/api/instances/${slug}`)).body;

beforeEach(async () => {
  org = await anOrg();
  await org.api.post('/api/customers', { name: 'Acme' });
  await org.api.post('/api/customers', { name: 'Bolt & Sons', slug: 'bolt' });
  await org.api.post('/api/instances', {
    name: 'Production',
    slug: 'production',
    customerId: 'acme',
    metadata: { region: 'ap-northeast-1' },
  });
});

describeInBrowser('instances in the console', () => {
  it('are made for a customer that is searched for, changed, moved and deleted', async () => {
    const page = await signedInPage(org, { path: '/customers/acme' });
    await page.getByRole('button', { name: 'New instance' }).click();
    await page.waitForURL('**/instances/new?for=acme');
    const dialog = page.getByRole('dialog');
    await expectSoon(() => dialog.getByRole('combobox', { name: 'Customer' }).inputValue(), 'Acme');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Staging');
    await dialog.getByRole('textbox', { name: 'Slug' }).fill('production');
    await dialog.getByLabel('License from').fill('2026-05-01');
    await dialog.getByLabel('License until').fill('2026-04-01');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('The license would end before it begins.').waitFor();
    await dialog.getByLabel('License until').fill('2027-04-01');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('Another instance has this slug.').waitFor();
    await dialog.getByRole('textbox', { name: 'Slug' }).fill('staging');
    await dialog.getByRole('combobox', { name: 'Customer' }).fill('bolt');
    await page.getByRole('option', { name: /Bolt/ }).click();
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL('**/instances/staging');
    expect(await instance('staging')).toMatchObject({
      customerSlug: 'bolt',
      startLicenseDate: '2026-05-01T00:00:00.000Z',
      endLicenseDate: '2027-04-01T00:00:00.000Z',
    });

    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByRole('textbox', { name: 'Slug' }).fill('stage');
    await dialog.getByRole('textbox', { name: /Description/ }).fill('First line\nsecond line');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL('**/instances/stage');
    await page.getByText('second line').waitFor();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/instances/stage/delete');
    await dialog.getByRole('textbox').fill('stage');
    await dialog.getByRole('button', { name: 'Delete instance' }).click();
    await page.waitForURL('**/instances');
    expect((await org.api.get('/api/instances/stage')).status).toBe(404);
  });

  it('change status and stage at once, and back by the toast', async () => {
    const page = await signedInPage(org, { path: '/instances/production' });
    const status = page.getByRole('combobox', { name: 'Status' });
    await status.selectOption('INCIDENT');
    await page
      .getByRole('status')
      .getByText(/is now/)
      .waitFor();
    expect((await instance()).status).toBe('INCIDENT');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page
      .getByRole('status')
      .getByText(/is as before/)
      .waitFor();
    expect([(await instance()).status, await status.inputValue()]).toEqual(['HEALTHY', 'HEALTHY']);

    await page.getByRole('combobox', { name: 'Lifecycle stage' }).selectOption({ label: 'Another one…' });
    await page.waitForURL('**/instances/production/stage');
    await page.getByRole('dialog').getByRole('textbox').fill('Pilote 🛫');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.waitForURL('**/instances/production');
    await page
      .getByRole('status')
      .getByText(/is now.*Pilote/)
      .waitFor();
    expect((await instance()).lifecycleStage).toBe('Pilote 🛫');
  });

  it('take a refused change back', async () => {
    const page = await signedInPage(org, { path: '/instances/production', ignore: /Failed to load resource/ });
    const status = page.getByRole('combobox', { name: 'Status' });
    await status.waitFor();
    await page.context().setOffline(true);
    await status.selectOption('DEGRADED');
    await page
      .getByText(/That did not work/)
      .first()
      .waitFor();
    await expectSoon(() => status.inputValue(), 'HEALTHY');
    await page.context().setOffline(false);
  });

  it('have metadata that are checked while one types, and never saved over what one has not seen', async () => {
    const page = await signedInPage(org, { path: '/instances/production' });
    const text = page.getByRole('textbox', { name: /Metadata as JSON/ });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await text.fill('{\n  "a": 1,\n}');
    await page.getByText('Line 2, column 9: no comma may stand before the closing bracket').waitFor();
    await expect(save.isDisabled()).resolves.toBe(true);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go there' }).click();
    expect(await page.evaluate('getSelection().toString()')).toBe(',');
    await text.fill('{"a": {"constructor": "</script>"}}');
    await page.reload();
    await expectSoon(() => text.innerText(), '{"a": {"constructor": "</script>"}}');
    await save.click();
    await page.getByText('The metadata has been saved.').waitFor();
    expect((await instance()).metadata).toEqual({ a: { constructor: '</script>' } });

    await text.fill('{"mine": true}');
    await org.api.put('/api/instances/production', {
      name: 'Production',
      customerId: 'acme',
      metadata: { theirs: true },
    });
    await save.click();
    await page.getByRole('alert').getByText('changed this meanwhile').waitFor();
    expect((await instance()).metadata).toEqual({ theirs: true });
    await page.getByRole('button', { name: 'Save mine' }).click();
    await page.getByText('Not saved yet').waitFor({ state: 'detached' });
    expect((await instance()).metadata).toEqual({ mine: true });
  });

  it('are narrowed by status, stage and customer, in an address that can be passed on', async () => {
    for (const [name, customerId] of [
      ['Second', 'acme'],
      ['Third', 'bolt'],
    ])
      await org.api.post('/api/instances', { name, customerId });
    await org.api.patch('/api/instances/third', { status: 'INCIDENT', lifecycleStage: 'Pilot' });
    const page = await signedInPage(org, { path: '/instances' });
    await page.getByText('3 in all').waitFor();
    await page.getByRole('combobox', { name: 'Customer' }).fill('bol');
    await page.getByRole('option', { name: /Bolt/ }).click();
    await page.waitForURL('**/instances?customer=bolt');
    await page.getByText('1 in all').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('INCIDENT');
    await page.waitForURL(/status=INCIDENT/);
    await page.getByRole('combobox', { name: 'Lifecycle stage' }).selectOption({ label: 'Pilot' });
    await page.waitForURL(/stage=Pilot/);
    const other = await openPage(page.context());
    await other.goto(page.url());
    await other.getByText('1 in all').waitFor();
    await expectSoon(() => other.getByRole('combobox', { name: 'Customer' }).inputValue(), 'Bolt & Sons');
    await other.getByRole('combobox', { name: 'Status' }).selectOption('MAINTENANCE');
    await other.getByText('No instance fits these filters.').waitFor();
    await other.getByRole('button', { name: 'Clear filters' }).first().click();
    await other.getByText('3 in all').waitFor();
    await other.getByRole('combobox', { name: 'Lifecycle stage' }).selectOption({ label: 'Not set' });
    await other.waitForURL('**/instances?hasLifecycleStage=false');
    await other.getByText('2 in all').waitFor();
  });

  it('and everything else are found by Ctrl-K', async () => {
    const page = await signedInPage(org);
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('menuitem', { name: 'Customers' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.type('produc');
    await palette.getByRole('menuitem', { name: /production/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/instances/production');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('my-app');
    await palette.getByRole('menuitem', { name: /my-app-backend/ }).waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  it('are only looked at by a viewer', async () => {
    const page = await signedInPage(org, { role: 'viewer', path: '/instances/production' });
    await expect(page.getByRole('combobox', { name: 'Status' }).isDisabled()).resolves.toBe(true);
    await page
      .getByText(/Needs the scope write:instances/)
      .first()
      .waitFor();
    const text = page.getByRole('textbox', { name: /Metadata as JSON/ });
    await expect(text.getAttribute('aria-readonly')).resolves.toBe('true');
    await expectAccessible(page);
  });

  it.each(['en', 'fr'] as const)('are accessible in %s, light and dark, and fit on a phone', async (language) => {
    const page = await signedInPage(org, { language, path: '/instances' });
    for (const [path, ready] of [
      ['/instances', 'tbody .row-link'],
      ['/instances?q=nothing', '.empty'],
      ['/instances/new', '[role=dialog] form'],
      ['/instances/production', '.cm-content'],
      ['/instances/production/edit', '[role=dialog] form'],
      ['/instances/production/stage', '[role=dialog] form'],
      ['/instances/production/delete', '[role=dialog] form'],
    ] as const) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await goTo(page, path);
      await settled(page);
      await page.locator(ready).first().waitFor();
      await expectAccessibleInBothThemes(page);
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
  });
});

describe('metadata as text', () => {
  it.each([
    ['', 'json.object', 1, 1],
    ['[]', 'json.object', 1, 1],
    ['{"a": 1', 'json.end', 1, 8],
    ['{"a": 1} x', 'json.after', 1, 10],
    ["{'a': 1}", 'json.quotes', 1, 2],
    ['{a: 1}', 'json.key', 1, 2],
    ['{"a" 1}', 'json.colon', 1, 6],
    ['{"a": 1\n "b": 2}', 'json.comma', 2, 2],
    ['{"a": }', 'json.value', 1, 7],
    ['{"a": [1,]}', 'json.trailing', 1, 9],
    ['{"a": 01}', 'json.number', 1, 7],
    ['{"a": 1e999}', 'json.number', 1, 7],
    ['{"a": 12345678901234567890}', 'json.lossy', 1, 7],
    ['{"a": NaN}', 'json.value', 1, 7],
    ['{"a": "\n"}', 'json.string', 1, 7],
    ['{"a": "\\x"}', 'json.escape', 1, 8],
    ['{"😀": 1,\n"a": 1, "a": 2}', 'json.twice', 2, 9],
    ['{"__proto__": 1}', 'json.proto', 1, 2],
    ['{"a": "\\ud800"}', 'json.character', 1, 7],
    [`{"a": ${'['.repeat(70)}${']'.repeat(70)}}`, 'json.deep', 1, 67],
    [`{"a": "${'x'.repeat(66_000)}"}`, 'json.large', 1, 1],
  ])('%j is refused where it is wrong', (text, message, line, column) => {
    expect(checkJson(text)).toEqual({ fault: expect.objectContaining({ message, line, column }) });
  });

  it('is taken as JSON.parse takes it', () => {
    for (const text of ['{}', ' {"a":[1,-0.5e3,9007199254740992,true,null,{"b":""}],"c":"\\u00e9\\n😀"}\n'])
      expect(checkJson(text)).toMatchObject({ value: JSON.parse(text) });
  });
});

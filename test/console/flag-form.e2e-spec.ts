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
import { createFlag, replaceFlag, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useConsole();

const read = async (org: TestOrganization, slug: string): Promise<any> =>
  (await org.api.get(`/api/feature-flags/${slug}`)).body;

const field = (within: Page | Locator, name: string): Locator => within.getByRole('textbox', { name, exact: true });
const variant = (page: Page, name: string): Locator => page.getByRole('group', { name: `Variant ${name}` });
const save = async (page: Page): Promise<void> => {
  const button = page.getByRole('button', { name: 'Save', exact: true });
  await button.click();
  await button.waitFor({ state: 'detached' });
  await page.getByText('has been saved.').first().waitFor();
};

/** How far the notification is over the bar, in pixels; -1 where one of them is not there. */
const overlap = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const [toast, bar] = ['.toast', '.save-bar'].map((name) => document.querySelector(name)?.getBoundingClientRect());
    return !toast || !bar ? -1 : Math.max(0, Math.min(toast.bottom, bar.bottom) - Math.max(toast.top, bar.top));
  })()`);

/** As people do: what is set at once into an editor, Chromium dresses in styles that the policy refuses. */
async function rewrite(editor: Locator, text: string): Promise<void> {
  await editor.click();
  await editor.press('Control+a');
  await editor.press('Delete');
  await editor.page().keyboard.insertText(text);
}

const named = (flag: any): string[] => flag.targetings.map(({ name }: { name: string }) => name);

/** What has the focus, as its place in the form. */
const focusedPlace = (page: Page): Promise<unknown> =>
  page.evaluate(`document.activeElement?.closest('[data-place]')?.getAttribute('data-place')`);

describeInBrowser('the form of a feature flag', () => {
  it('makes a flag that is on or off from a name alone', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { path: '/feature-flags/new' });
    await field(page, 'Name').first().fill('New checkout!');
    await expect(page.getByRole('textbox', { name: 'Slug' }).getAttribute('placeholder')).resolves.toBe('new-checkout');
    await page.getByRole('button', { name: 'Create feature flag' }).click();
    await page.waitForURL('**/feature-flags/new-checkout');
    expect(await read(org, 'new-checkout')).toMatchObject({
      name: 'New checkout!',
      type: 'boolean',
      enabled: false,
      variants: [
        { name: 'on', value: true },
        { name: 'off', value: false },
      ],
      default_variant: { type: 'basic', value: 'off' },
      targetings: [],
    });
  });

  it.each([
    ['Text', 'string', 'two\nlines', 'two\nlines'],
    ['Number', 'number', '0.5', 0.5],
    ['Object', 'object', '{"a": [1, "</script>"]}', { a: [1, '</script>'] }],
  ])('makes a flag of type %s, with a share and a targeting', async (label, type, typed, value) => {
    const org = await anOrg();
    const page = await signedInPage(org, { path: '/feature-flags/new' });
    await field(page, 'Name').first().fill('Typed');
    await page.getByRole('combobox', { name: 'Type' }).selectOption({ label });
    const box = field(variant(page, 'on'), 'Value');
    await (type === 'object' ? rewrite(box, typed) : box.fill(typed));
    await page.getByRole('radio', { name: 'Shares in percent' }).first().check();
    await field(page, 'on').fill('12.5');
    await page.getByText('12.5%: 87.5% are missing.').waitFor();
    await field(page, 'off').fill('87.5');
    await page.getByText('100%: complete').waitFor();
    await page.getByRole('button', { name: 'Add targeting' }).click();
    const targeting = page.getByRole('region', { name: /^Targeting/ });
    await field(targeting, 'Name').fill('staff');
    await rewrite(field(targeting, 'Rule'), 'group == "staff"');
    await page.getByRole('checkbox', { name: 'Turn it on at once' }).check();
    await page.getByRole('button', { name: 'Create feature flag' }).click();
    await page.waitForURL('**/feature-flags/typed');
    expect(await read(org, 'typed')).toMatchObject({
      type,
      enabled: true,
      variants: [{ name: 'on', value }, { name: 'off' }],
      default_variant: { type: 'rollout_percentage', distribution: { on: 1250, off: 8750 } },
      targetings: [{ type: 'basic', name: 'staff', rule: 'group == "staff"', variant: 'on' }],
    });
  });

  it('renames a variant: it stays the same one, wherever it is given out', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'renamed', { targetings: [when('true')] });
    const before = await read(org, 'renamed');
    const page = await signedInPage(org, { path: '/feature-flags/renamed/variants' });
    await field(variant(page, 'on'), 'Name').fill('wide');
    await expect(page.getByRole('button', { name: 'Remove variant wide' }).getAttribute('aria-disabled')).resolves.toBe(
      'true',
    );
    await page.getByRole('link', { name: 'Targeting' }).click();
    const given = page.getByRole('region').getByRole('combobox', { name: 'Variant' });
    await expectSoon(() => given.inputValue(), before.variants[0].id);
    await save(page);
    const after = await read(org, 'renamed');
    expect(after.variants[0]).toMatchObject({ id: before.variants[0].id, name: 'wide' });
    expect(after.targetings[0].variant).toBe('wide');
  });

  it('changes the default to dates, and leaves weights that are no percentages alone', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'weighed', {
      default_variant: { type: 'rollout_percentage', distribution: { on: 1, off: 2 } },
    });
    const page = await signedInPage(org, { path: '/feature-flags/weighed/targeting', timezoneId: 'Asia/Tokyo' });
    await page.getByText('What counts is their relation').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Weighed.');
    await save(page);
    expect((await read(org, 'weighed')).default_variant.distribution).toEqual({ on: 1, off: 2 });
    await page.getByRole('link', { name: 'Targeting' }).click();
    await page.getByRole('button', { name: 'Turn into percentages' }).click();
    await expectSoon(() => field(page, 'off').inputValue(), '66.67');
    await page.getByRole('radio', { name: 'From one to another by date' }).check();
    const begins = page.getByRole('group', { name: 'Begins' });
    const ends = page.getByRole('group', { name: 'Ends' });
    await begins.getByLabel('Date and time').fill('2027-01-10T09:00');
    await ends.getByLabel('Date and time').fill('2027-01-09T09:00');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await ends.getByText('The end is before the beginning.').waitFor();
    await ends.getByLabel('Date and time').fill('2027-01-12T09:00');
    await begins.getByText('2027-01-10 00:00 UTC').waitFor();
    await save(page);
    expect((await read(org, 'weighed')).default_variant).toMatchObject({
      type: 'rollout_date',
      start: { date: '2027-01-10T00:00:00.000Z', percentage: 0 },
      end: { date: '2027-01-12T00:00:00.000Z', percentage: 100 },
    });
  });

  it.each([
    [1280, 740, 0],
    [360, 740, 0],
    [1280, 740, 9_999],
    [360, 740, 9_999],
    [1280, 1_080, 0],
    [1280, 1_160, 0],
    [1280, 1_240, 0],
    [1280, 1_800, 0],
  ])('says beside the bar that it has saved: %d wide and %d high, scrolled by %d', async (width, height, scrolled) => {
    const org = await anOrg();
    await createFlag(org.api, 'saved');
    const page = await signedInPage(org, { path: '/feature-flags/saved/settings', viewport: { width, height } });
    for (const description of ['Once.', 'Twice.']) {
      await page.getByRole('textbox', { name: 'Description' }).fill(description);
      const button = page.getByRole('button', { name: 'Save', exact: true });
      await page.evaluate(`scrollTo(0, ${scrolled})`);
      await button.waitFor();
      // What has been said is there for eight seconds.
      if (description === 'Twice.') await expectSoon(() => overlap(page), 0);
      await button.click({ timeout: 5_000 });
      await button.waitFor({ state: 'detached' });
    }
    expect((await read(org, 'saved')).description).toBe('Twice.');
  });

  it('reorders targetings by keyboard, by dragging them and by their menu', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'ordered', { targetings: ['1 == 1', '2 == 2', '3 == 3'].map((rule) => when(rule)) });
    const page = await signedInPage(org, { path: '/feature-flags/ordered/targeting' });
    await page.locator('.cm-content').first().waitFor();
    // As by the keyboard: into the list, where a row has the focus first, then to what is in it.
    await page.getByRole('row', { name: '3 == 3' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expectSoon(() => page.evaluate(`document.activeElement?.getAttribute('aria-label')`), 'More for 3 == 3');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Move up' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('is now 2 of 3').waitFor();
    await page.getByRole('button', { name: 'Move 1 == 1' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText(/1 == 1.* is now [23] of 3/)
      .waitFor();
    await save(page);
    const byKeyboard = named(await read(org, 'ordered'));
    expect(byKeyboard[0]).toBe('3 == 3');
    await page.getByRole('row', { name: byKeyboard[0] }).dragTo(page.getByRole('row').last(), {
      targetPosition: { x: 60, y: 70 },
    });
    await page
      .getByRole('status')
      .getByText(/3 == 3.* is now [23] of 3/)
      .waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'More for 2 == 2' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await save(page);
    expect(named(await read(org, 'ordered')).sort()).toEqual(['1 == 1', '3 == 3']);
  });

  it('shows what the server refuses at its field, with a summary that leads there', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'taken');
    await createFlag(org.api, 'refused', { targetings: [when('true'), when('false')] });
    const page = await signedInPage(org, { path: '/feature-flags/refused/targeting?at=2' });
    const targeting = page.getByRole('region', { name: /^Targeting/ });
    await rewrite(field(targeting, 'Rule'), 'nothing(');
    await page.getByRole('row').first().click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const summary = page.getByRole('alert');
    await summary.getByText('1 field needs another look').waitFor();
    await expectAccessible(page);
    await summary.getByRole('button', { name: /Targeting 2.*Rule/ }).click();
    await page.waitForURL('**/feature-flags/refused/targeting?at=2');
    await expectSoon(async () => String(await focusedPlace(page)).endsWith('/rule'), true);
    await expectAccessible(page);
    // Moved, it is still that one's.
    await page.getByRole('button', { name: 'More for false' }).click();
    await page.getByRole('menuitem', { name: 'Move up' }).click();
    await summary.getByRole('button', { name: /Targeting 1.*Rule/ }).waitFor();
    await rewrite(field(targeting, 'Rule'), '1 == 2');
    await summary.waitFor({ state: 'detached' });
    // What is known here is not sent.
    await page.getByRole('link', { name: 'Variants' }).click();
    await field(variant(page, 'off'), 'Name').fill('on');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await summary.getByText('2 fields need another look').waitFor();
    await field(variant(page, 'on').last(), 'Name').fill('off');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Slug' }).fill('taken');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Another flag has this slug. Choose another one.').first().waitFor();
    await page.getByRole('textbox', { name: 'Slug' }).fill('moved');
    await save(page);
    await page.waitForURL('**/feature-flags/moved/settings');
    expect(named(await read(org, 'moved'))).toEqual(['false', 'true']);
  });

  it('shows two versions when somebody else was faster: keep mine, part by part', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'contested', { targetings: [when('true')] });
    const one = await signedInPage(org, {
      path: '/feature-flags/contested/settings',
      ignore: /Failed to load resource/,
    });
    await field(one, 'Name').fill('Mine');
    await one.getByRole('link', { name: 'Variants' }).click();
    await variant(one, 'on').getByRole('textbox', { name: 'Description' }).fill('My words.');
    const two = await openPage(one.context());
    await two.goto('/feature-flags/contested/settings');
    await field(two, 'Name').fill('Theirs');
    await two.getByRole('textbox', { name: 'Description' }).fill('Theirs alone.');
    await save(two);
    await one.getByRole('button', { name: 'Save', exact: true }).click();
    await one.waitForURL('**/feature-flags/contested/compare');
    const name = one.getByRole('group', { name: /^Name changed by both/ });
    await name.waitFor();
    await one.getByRole('group', { name: /^Description changed by them only/ }).waitFor();
    await one.getByRole('group', { name: /Variant .*on.* changed by you only/ }).waitFor();
    await expectAccessible(one);
    // An address as any other.
    await one.reload();
    const submit = one.getByRole('button', { name: 'Save this' });
    await expect(submit.getAttribute('aria-disabled')).resolves.toBe('true');
    await name.getByRole('radio', { name: 'Yours' }).check();
    // What cannot be saved now is there to be saved again.
    await two.close();
    await one.context().setOffline(true);
    await submit.click();
    await one.getByText('The server cannot be reached. Check your connection').waitFor();
    await one.context().setOffline(false);
    await one.getByText('The server could not be reached, and can be again.').waitFor();
    await submit.click();
    await one.getByText('has been saved.').waitFor();
    expect(await read(org, 'contested')).toMatchObject({
      name: 'Mine',
      description: 'Theirs alone.',
      variants: [{ name: 'on', description: 'My words.' }, { name: 'off' }],
    });
  });

  it('shows two versions when somebody else was faster: take theirs', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'contested', { targetings: [when('true')] });
    const page = await signedInPage(org, { path: '/feature-flags/contested/targeting', theme: 'dark', language: 'fr' });
    await page.getByRole('region').getByRole('textbox', { name: 'Nom' }).fill('À moi');
    await replaceFlag(org.api, 'contested', { targetings: [when('1 == 1')] });
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.waitForURL('**/feature-flags/contested/compare');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Prendre toute la leur' }).click();
    await page.getByRole('button', { name: 'Enregistrer ce choix' }).click();
    await page.waitForURL('**/feature-flags/contested');
    expect(named(await read(org, 'contested'))).toEqual(['1 == 1']);
    await expect(page.locator('.save-bar').count()).resolves.toBe(0);
  });

  it('saves over a switch that somebody else has made, and keeps that', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'switched');
    const page = await signedInPage(org, { path: '/feature-flags/switched/settings' });
    await page.getByRole('textbox', { name: 'Description' }).fill('Described.');
    await replaceFlag(org.api, 'switched', { enabled: false });
    await save(page);
    expect(await read(org, 'switched')).toMatchObject({ description: 'Described.', enabled: false });
  });

  it('asks before it is left, and keeps what was typed through a reload and a new sign-in', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'kept');
    const page = await signedInPage(org, { path: '/feature-flags/kept/settings', name: 'Ada' });
    page.on('dialog', (dialog) => void dialog.accept());
    const name = field(page, 'Name');
    await name.fill('Typed');
    await page.getByRole('link', { name: 'Variants' }).click();
    await page.getByRole('link', { name: 'Customers' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Your changes are not saved.').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Stay' }).click();
    expect(page.url()).toMatch(/kept\/variants$/);
    await page.getByRole('link', { name: 'Customers' }).click();
    await dialog.getByRole('button', { name: 'Leave and keep them' }).click();
    await page.waitForURL('**/customers');
    await page.goto('/feature-flags/kept/settings');
    await expectSoon(() => name.inputValue(), 'Typed');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL('**/sign-in**');
    await signInOn(page, org, { name: 'Ada' });
    await page.goto('/feature-flags/kept/settings');
    await expectSoon(() => name.inputValue(), 'Typed');
    await page.getByRole('link', { name: 'Customers' }).click();
    await dialog.getByRole('button', { name: 'Drop them' }).click();
    await page.waitForURL('**/customers');
    await page.goto('/feature-flags/kept/settings');
    await expectSoon(() => name.inputValue(), 'kept');
  });
});

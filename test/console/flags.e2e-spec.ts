import { expect, it } from '@jest/globals';
import { EvaluationCounts } from '../../src/flag-evaluations/evaluation-counts.js';
import { testApp } from '../support/app.js';
import {
  describeInBrowser,
  expectAccessible,
  expectAccessibleInBothThemes,
  expectSoon,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { goTo, settled } from '../support/console-screens.js';
import { createFlag, evaluateOne, flagBody, replaceFlag, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useConsole({ env: { FLAG_EVALUATION_COUNTS: 'on' } });

/** Names as no test writer would choose them. */
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

const read = async (org: TestOrganization, slug: string): Promise<any> =>
  (await org.api.get(`/api/feature-flags/${slug}`)).body;

describeInBrowser('feature flags in the console', () => {
  it('are searched, sorted and paged by the server, as the address says: back and reload show the same', async () => {
    const org = await anOrg();
    for (let i = 1; i <= 60; i++) await createFlag(org.api, `flag-${String(i).padStart(2, '0')}`);
    const page = await signedInPage(org, { path: '/feature-flags' });
    const first = page.locator('tbody .row-link').first();
    await page.getByText('1–50 of 60').waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText('51–60 of 60').waitFor();
    await expectSoon(() => first.textContent(), 'flag-51');
    await page.reload();
    await page.getByText('51–60 of 60').waitFor();
    await page.goBack();
    await page.getByText('1–50 of 60').waitFor();
    await page.getByRole('button', { name: 'Changed' }).click();
    await page.waitForURL('**/feature-flags?sort=updatedAt');
    await page.getByRole('button', { name: 'Changed' }).click();
    await page.waitForURL('**/feature-flags?sort=-updatedAt');
    await expectSoon(() => first.textContent(), 'flag-60');
    await page.getByRole('searchbox').fill('g-07');
    await page.getByText('1 in all').waitFor();
    await page.getByRole('link', { name: 'flag-07' }).click();
    await page.getByRole('heading', { level: 1, name: 'flag-07' }).waitFor();
    await page.goBack();
    await expectSoon(() => page.getByRole('searchbox').inputValue(), 'g-07');
    await page.getByRole('searchbox').fill('nothing has it');
    await page.getByRole('button', { name: 'All feature flags' }).click();
    await page.getByText('1–50 of 60').waitFor();
  });

  it('say in words what they do', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'plain');
    await createFlag(org.api, 'aimed', { targetings: [when('true'), when('false')] });
    await createFlag(org.api, 'idle', { enabled: false });
    await createFlag(org.api, 'split', {
      default_variant: { type: 'rollout_percentage', distribution: { on: 1, off: 3 } },
    });
    await createFlag(org.api, 'dated', {
      default_variant: {
        type: 'rollout_date',
        start: { variant: 'off', percentage: 0, date: '2026-01-10T12:00:00Z' },
        end: { variant: 'on', percentage: 100, date: '2026-02-10T12:00:00Z' },
      },
    });
    const page = await signedInPage(org, { path: '/feature-flags' });
    for (const [name, ...words] of [
      ['plain', 'Boolean', 'The same for everybody', 'off'],
      ['aimed', '2 targetings, then the default'],
      ['idle', 'Off: the default for everybody'],
      ['split', 'Shared out by percentage', '25% on · 75% off'],
      ['dated', 'Moves over between two dates', 'off → on, 10 Jan 2026 to 10 Feb 2026'],
    ]) {
      const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
      await row.waitFor();
      const said = (await row.textContent())!.replace(/[\u2066-\u2069]/g, '').replaceAll('\u00a0', ' ');
      for (const word of words) expect(said).toContain(word);
    }
    await expect(page.getByRole('switch', { name: 'idle is on' }).getAttribute('aria-checked')).resolves.toBe('false');
  });

  it('are switched after a question that has an address and says who is affected', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'banner', { targetings: [when('true')] });
    const page = await signedInPage(org, { path: '/feature-flags?sort=-name' });
    await page.getByRole('switch', { name: 'banner is on' }).click();
    await page.waitForURL('**/feature-flags/switch/banner?sort=-name');
    await page.reload();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('everybody gets the default').waitFor();
    await dialog.getByText('No evaluations in the last hour').waitFor();
    await page.goBack();
    await dialog.waitFor({ state: 'detached' });
    expect((await read(org, 'banner')).enabled).toBe(true);
    await page.goForward();
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await page.waitForURL('**/feature-flags?sort=-name');
    await page.getByText('is off.').waitFor();
    const shown = page.getByRole('switch', { name: 'banner is on' });
    await expectSoon(() => shown.getAttribute('aria-checked'), 'false');
    const after = await read(org, 'banner');
    expect(after).toMatchObject({ enabled: false, targetings: [{ rule: 'true' }] });
    // On its page as well.
    await page.goto('/feature-flags/banner');
    await page.getByText('no rule is run, and everybody gets the default').waitFor();
    await page.getByRole('switch').click();
    await page.waitForURL('**/feature-flags/banner/switch');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await page.waitForURL('**/feature-flags/banner');
    await expectSoon(() => page.getByRole('switch').getAttribute('aria-checked'), 'true');
  });

  it('tell how many evaluations of the last hour a switch concerns', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'asked');
    for (let i = 0; i < 3; i++) await evaluateOne(org.api, 'asked', { targetingKey: `user-${i}` });
    await testApp().app.get(EvaluationCounts).write();
    const page = await signedInPage(org, { path: '/feature-flags/switch/asked' });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 evaluations in the last hour').waitFor();
    await dialog
      .locator('.last-hour')
      .getByText(/off.* 3/)
      .waitFor();
    const row = page.getByRole('row', { includeHidden: true }).filter({ hasText: 'asked' });
    await expectSoon(() => row.getByRole('cell', { includeHidden: true }).nth(4).textContent(), '3');
  });

  it('lose nothing when two browsers are at the switch', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'shared');
    const page = await signedInPage(org, { path: '/feature-flags/switch/shared' });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Turn off' }).waitFor();
    await replaceFlag(org.api, 'shared', { name: 'Renamed by another one' });
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await dialog.getByRole('alert').getByText('only the switch will change').waitFor();
    await dialog.getByText('Renamed by another one').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await page.getByText('is off.').waitFor();
    expect(await read(org, 'shared')).toMatchObject({ name: 'Renamed by another one', enabled: false });
    // Somebody else has already done it.
    await page.goto('/feature-flags/switch/shared');
    await dialog.getByRole('button', { name: 'Turn on' }).waitFor();
    await replaceFlag(org.api, 'shared', { enabled: true });
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByRole('alert').getByText('already as you wanted').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.waitForURL('**/feature-flags');
  });

  it('may have any name: it is text and nothing else', async () => {
    const org = await anOrg();
    for (const [index, name] of HOSTILE.entries()) {
      await createFlag(org.api, `hostile-${index}`, {
        name,
        type: 'string',
        description: name,
        variants: [{ name, description: name, value: name }],
        default_variant: { type: 'basic', value: name },
        targetings: [{ type: 'basic', name, rule: 'true', variant: name }],
      });
    }
    await createFlag(org.api, 'invisible', { name: '\u200b\u200d' });
    for (const slug of ['new', 'switch', 'constructor']) await createFlag(org.api, slug);
    const page = await signedInPage(org, { path: '/feature-flags' });
    await page.getByText(`${HOSTILE.length + 4} in all`).waitFor();
    const names = await page.locator('tbody .row-link').allTextContents();
    expect(names.sort()).toEqual([...HOSTILE, 'invisible', 'new', 'switch', 'constructor'].sort());
    await expectAccessible(page);
    for (const index of [0, 1, 2, 5]) {
      for (const tab of ['', '/variants', '/targeting', '/settings']) {
        await page.setViewportSize({ width: index === 0 ? 1280 : 360, height: 740 });
        await page.goto(`/feature-flags/hostile-${index}${tab}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.card').first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          index === 0 ? 1280 : 360,
        );
      }
    }
    await page.setViewportSize({ width: 1280, height: 740 });
    // Slugs that addresses have for something else.
    await page.goto('/feature-flags?q=switch');
    await page.getByRole('link', { name: 'switch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'switch' }).waitFor();
    await page.goto('/feature-flags/constructor');
    await page.getByRole('heading', { level: 1, name: 'constructor' }).waitFor();
    await page.goto('/feature-flags/there-is-none');
    await page.getByText('There is nothing here').waitFor();
  });

  it('are only looked at by a viewer: everything is there, and what is off says why', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'looked-at', { targetings: [when('true')] });
    const page = await signedInPage(org, { role: 'viewer', path: '/feature-flags' });
    const shown = page.getByRole('switch', { name: 'looked-at is on' });
    await shown.focus();
    await page.getByRole('tooltip').getByText('write:feature_flags').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/feature-flags$/);
    await page.goto('/feature-flags/looked-at/targeting');
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.waitFor();
    await expect(name.getAttribute('readonly')).resolves.not.toBeNull();
    await expectAccessible(page);
    await page.goto('/feature-flags/looked-at/variants');
    await page.getByRole('button', { name: 'Add variant' }).focus();
    await page.getByRole('tooltip').getByText('write:feature_flags').waitFor();
    for (const label of ['Add variant', 'Delete']) {
      await expect(page.getByRole('button', { name: label, exact: true }).getAttribute('aria-disabled')).resolves.toBe(
        'true',
      );
    }
    await page.goto('/feature-flags/switch/looked-at');
    const turn = page.getByRole('dialog').getByRole('button', { name: 'Turn off' });
    await expect(turn.getAttribute('aria-disabled')).resolves.toBe('true');
  });

  it('are deleted once their slug is typed', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'gone-soon');
    const page = await signedInPage(org, { path: '/feature-flags/gone-soon' });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/feature-flags/gone-soon/delete');
    await page.reload();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Delete feature flag' });
    await dialog.getByRole('textbox').fill('gone');
    await expect(remove.isDisabled()).resolves.toBe(true);
    await dialog.getByRole('textbox').fill('gone-soon');
    await remove.click();
    await page.waitForURL('**/feature-flags');
    await page.getByRole('heading', { name: 'No feature flags yet' }).waitFor();
    expect((await org.api.get('/api/feature-flags/gone-soon')).status).toBe(404);
  });

  it.each(['en', 'fr'] as const)('are accessible in %s, light and dark', async (language) => {
    const org = await anOrg();
    await createFlag(org.api, 'banner', {
      description: 'What is said at the top.',
      targetings: [
        when('true'),
        { ...when('false'), type: 'rollout_percentage', variant: undefined, distribution: { on: 1, off: 2 } },
      ],
    });
    await createFlag(org.api, 'dated', {
      ...flagBody('dated'),
      type: 'object',
      variants: [{ name: 'on', description: '', value: {} }],
      default_variant: {
        type: 'rollout_date',
        start: { variant: 'on', percentage: 0, date: '2026-01-10T12:00:00Z' },
        end: { variant: 'on', percentage: 100, date: '2026-02-10T12:00:00Z' },
      },
    });
    const page = await signedInPage(org, { language, path: '/feature-flags' });
    for (const [path, ready] of [
      ['/feature-flags', 'tbody .row-link'],
      ['/feature-flags?q=nothing', '.empty'],
      ['/feature-flags/switch/banner', '[role=dialog] .last-hour strong'],
      ['/feature-flags/new', '.flag-form'],
      ['/feature-flags/banner', '.flag-way'],
      ['/feature-flags/banner/variants', '.flag-variant'],
      ['/feature-flags/dated/variants', '.cm-content'],
      ['/feature-flags/banner/targeting', '.cm-content'],
      ['/feature-flags/banner/targeting?at=2', '.flag-shares'],
      ['/feature-flags/dated/targeting', '.flag-steps'],
      ['/feature-flags/banner/settings', '.cm-content'],
      ['/feature-flags/banner/try', '.card button'],
      ['/feature-flags/banner/switch', '[role=dialog] .last-hour strong'],
      ['/feature-flags/banner/delete', '[role=dialog] form'],
      ['/feature-flags/banner/compare', '.empty'],
    ] as const) {
      await goTo(page, path);
      await settled(page);
      await page.locator(ready).first().waitFor();
      await expectAccessibleInBothThemes(page);
    }
  });
});

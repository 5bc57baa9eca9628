import { beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.js';
import {
  describeInBrowser,
  expectAccessible,
  expectAccessibleInBothThemes,
  expectSoon,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { createFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

// Nothing is counted meanwhile: the numbers stay those of the test.
useConsole();

const PATH = '/feature-flags/theme';
const MINUTE = 60_000;

let org: TestOrganization;

beforeEach(async () => {
  org = await anOrg();
  await createFlag(org.api, 'theme', {
    type: 'string',
    variants: ['light', 'dark'].map((name) => ({ name, description: '', value: name })),
    default_variant: { type: 'basic', value: 'light' },
  });
});

/** Counts what was a while ago. */
async function count(...rows: (readonly [variant: string, reason: string, minutesAgo: number, count: number])[]) {
  const flag = (await org.api.get('/api/feature-flags/theme')).body;
  const idOf = (name: string): string => flag.variants.find((variant: any) => variant.name === name)?.id ?? '';
  const at = (minutes: number): Date => new Date(Math.floor((Date.now() - minutes * MINUTE) / 300_000) * 300_000);
  await testApp().dataSource.query(
    'SELECT add_flag_evaluations($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bigint[])',
    [
      rows.map(() => org.org.id),
      rows.map(() => flag.id),
      rows.map(([, , minutes]) => at(minutes)),
      rows.map(([variant]) => idOf(variant)),
      rows.map(([variant]) => variant),
      rows.map(([, reason]) => reason),
      rows.map(([, , , n]) => n),
    ],
  );
}

const SOME = [
  ['light', 'STATIC', 2, 1_200],
  ['light', 'DEFAULT', 2, 34],
  ['dark', 'SPLIT', 2, 30],
  ['dark', 'SPLIT', 200, 7],
  ['', 'ERROR', 3 * 24 * 60, 5],
] as const;

const legend = async (page: Page): Promise<string> =>
  (await page.locator('.chart-legend > li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).join(', ');

describeInBrowser('the evaluations of a flag', () => {
  it('are drawn by variant, for the time that the address says', async () => {
    await count(...SOME);
    const page = await signedInPage(org, { path: PATH });
    await expectSoon(() => legend(page), 'light 1,234, dark 37');
    await page.getByRole('button', { name: 'Hour', exact: true }).click();
    await page.waitForURL('**/theme?range=hour');
    await expectSoon(() => legend(page), 'light 1,234, dark 30');
    await page.reload();
    await expectSoon(() => legend(page), 'light 1,234, dark 30');
    await page.getByRole('button', { name: 'Week', exact: true }).click();
    await expectSoon(() => legend(page), 'light 1,234, dark 37, failed 5');
    await page.getByRole('button', { name: '30 days', exact: true }).click();
    await expectSoon(() => legend(page), 'light 1,234, dark 37, failed 5');
    await expectAccessible(page);
    // With the keyboard, along the bars.
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.chart-tip').waitFor();
    await expectAccessible(page);
  });

  it('are in the table as the API has them', async () => {
    await count(...SOME);
    const page = await signedInPage(org);
    const answered = page.waitForResponse(/\/evaluations\?.*step=300/);
    await page.goto(`${PATH}?range=hour`);
    const { series } = (await (await answered).json()) as any;
    await page.getByRole('button', { name: 'As a table' }).click();
    const rows = page.locator('.evaluations-table tbody tr');
    const numbers = async (): Promise<number[][]> =>
      Promise.all(
        (await rows.all()).map(async (row) =>
          (await row.locator('td').allInnerTexts()).map((text) => Number(text.replace(/\D/g, ''))),
        ),
      );
    const counts = (name: string): number[] =>
      series
        .filter(({ variant }: any) => variant === name)
        .map((one: any) => one.counts)
        .reduce((a: number[], b: number[]) => a.map((n, i) => n + b[i]!));
    const [light, dark] = [counts('light'), counts('dark')];
    await expectSoon(() => rows.count(), light.length);
    expect(await numbers()).toEqual(light.map((n, i) => [n, dark[i]]).reverse());
    await expect(page.locator('.evaluations-table tfoot td').allInnerTexts()).resolves.toEqual(['1,234', '30']);
    await expectAccessible(page);
  });

  it('keep their place while they are on their way', async () => {
    await count(...SOME);
    const page = await signedInPage(org);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\/evaluations\?/, async (route) => {
      await released;
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), counting: true } });
    });
    await page.goto(PATH);
    await page.locator('.evaluations .skeleton').waitFor();
    const height = (): Promise<number> =>
      page.locator('.evaluations').evaluate((it: any) => Math.round(it.offsetHeight));
    const before = await height();
    release();
    await page.locator('.chart').waitFor();
    expect(Math.abs((await height()) - before)).toBeLessThanOrEqual(2);
  });

  it('say that the server counts none', async () => {
    const page = await signedInPage(org, { path: PATH });
    await page.getByText('This server counts no evaluations now.').waitFor();
    await page.getByText('FLAG_EVALUATION_COUNTS=on').waitFor();
    await page.getByText('Nothing was evaluated in this time').waitFor();
    await expectAccessible(page);
  });

  it('say how to make some', async () => {
    const page = await signedInPage(org);
    await page.route(/\/evaluations\?/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), counting: true } });
    });
    await page.goto(PATH);
    await page.getByText('/api/ofrep/v1/evaluate/flags/theme').waitFor();
    await expectAccessible(page);
  });

  it.each(['en', 'fr'] as const)('are accessible in %s, light and dark, and fit on a phone', async (language) => {
    await count(...SOME);
    const page = await signedInPage(org, { language, path: `${PATH}?range=week` });
    await page.locator('.chart').waitFor();
    await expectAccessibleInBothThemes(page);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: language === 'en' ? 'As a table' : 'En tableau' }).click();
    await page.locator('.evaluations-table').waitFor();
    await expectAccessibleInBothThemes(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});

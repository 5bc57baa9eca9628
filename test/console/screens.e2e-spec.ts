import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  describeInBrowser,
  expectAccessible,
  expectSoon,
  openPage,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import type { Screen, Things } from '../support/console-screens.js';
import {
  addressOf,
  eachOn,
  goTo,
  makeThings,
  namesAt,
  overflowOf,
  screensOf,
  settled,
} from '../support/console-screens.js';
import { anOrg } from '../support/organizations.js';

useConsole();

/** How everything is called, by how it is looked at. */
const CASES = [
  ['light', 'en', 'markup', '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>', undefined],
  ['light', 'fr', '255 characters without a blank', 'W'.repeat(255), undefined],
  ['dark', 'en', 'another direction, emoji and nothing', '\u202eمرحبا 123 🏯👩‍👩‍👧‍👦 zero\u200bwidth\u2060\ufeff', undefined],
  ['dark', 'fr', 'words of JavaScript', '__proto__', 'constructor'],
] as const;

/** The text of the page and of its fields contains it, character by character. */
const isRead = (page: Page, name: string): Promise<boolean> =>
  page.evaluate(
    `((name) => document.body.textContent.includes(name) ||
      [...document.querySelectorAll('input, textarea')].some(({ value }) => value.includes(name)))(${JSON.stringify(name)})`,
  );

/** What the names have done to the page, other than being shown. */
const harm = (page: Page): Promise<unknown> =>
  page.evaluate(`[window.hit, document.querySelectorAll('img[src=x], body script:not([src])').length].join()`);

async function lookAt(page: Page, route: string, things: Things): Promise<void> {
  await goTo(page, addressOf(route, things));
  await settled(page);
  for (const name of namesAt(route, things)) await expectSoon(() => isRead(page, name), true);
  await settled(page);
  expect(await harm(page)).toBe(',0');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });
}

describeInBrowser('every screen', () => {
  it.each(CASES)(
    'is accessible, fits a phone and takes names for text: %s, %s, %s',
    async (theme, language, _, name, slug) => {
      const org = await anOrg();
      const things = await makeThings(org, name, slug);
      const page = await signedInPage(org, { theme, language });
      const pages = [page, await openPage(page.context())];
      await pages[1]!.goto('/');
      const look = ({ route }: Screen, each: Page): Promise<void> => lookAt(each, route, things);
      expect(await eachOn(pages, await screensOf(page), look)).toEqual([]);
    },
    300_000,
  );
});

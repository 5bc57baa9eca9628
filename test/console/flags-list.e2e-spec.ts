import { it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  describeInBrowser,
  expectAccessible,
  expectSoon,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { createFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';

// Nothing is counted meanwhile: the numbers stay those of the test.
useConsole();

/** What a row says of the last hour. */
const lastHour = (page: Page, name: string): Promise<string | null> =>
  page.getByRole('row').filter({ hasText: name }).getByRole('cell').nth(4).textContent();

describeInBrowser('the list of feature flags', () => {
  it('is narrowed to those that are on or off, as many as the server says', async () => {
    const org = await anOrg();
    for (let i = 1; i <= 51; i++) await createFlag(org.api, `on-${i}`);
    await createFlag(org.api, 'resting', { enabled: false });
    const page = await signedInPage(org, { path: '/feature-flags?q=o&enabled=nonsense' });
    const filter = page.locator('.narrowing');
    const links = async (): Promise<string> => (await filter.locator('a').allTextContents()).join(', ');
    await expectSoon(links, 'All 52, On 51, Off 1');
    await page.getByText('1–50 of 51').waitFor();
    await page.goto('/feature-flags');
    await filter.getByRole('link', { name: 'Off 1' }).click();
    await page.waitForURL('**/feature-flags?enabled=false');
    await page.getByText('1 in all').waitFor();
    await page.reload();
    await page.getByRole('switch', { name: 'resting is on' }).click();
    await page.waitForURL('**/feature-flags/switch/resting?enabled=false');
    await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
    await expectSoon(links, 'All 52, On 52, Off 0');
    await page.getByText('No feature flag is off').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'All feature flags' }).click();
    await page.getByText('1–50 of 52').waitFor();
    await filter.getByRole('link', { name: 'On 52' }).click();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText('51–52 of 52').waitFor();
  });

  it('has no number where nothing is counted, and the switch says why', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'asked');
    const page = await signedInPage(org, { path: '/feature-flags' });
    await expectSoon(() => lastHour(page, 'asked'), '–');
    await page.getByRole('switch', { name: 'asked is on' }).click();
    await page.getByRole('dialog').getByText('This server counts no evaluations').waitFor();
  });
});

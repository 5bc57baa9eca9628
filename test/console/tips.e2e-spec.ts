import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, expectAccessible, signedInPage, useConsole } from '../support/console-browser.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const tip = (page: Page) => page.getByRole('tooltip');
const UTC = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;

describeInBrowser('what is said in short', () => {
  it('is a time of the reader, with UTC to whoever points at it or comes by keyboard', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    const page = await signedInPage(org, { path: '/customers/acme', timezoneId: 'Asia/Tokyo' });
    const time = page.locator('.facts time').first();
    await time.hover();
    await tip(page).getByText(UTC).waitFor();
    const { at, shown } = await page.evaluate<{ at: string; shown: string }>(
      `({ at: document.querySelector('.facts time').dateTime, shown: document.getElementById('tips').textContent })`,
    );
    const here = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Tokyo' });
    expect(shown).toBe(`${here.format(new Date(at))} · ${at.slice(0, 19).replace('T', ' ')} UTC`);
    await expectAccessible(page);
    await page.mouse.move(0, 0);
    await tip(page).waitFor({ state: 'hidden' });
    await time.focus();
    await tip(page).getByText(UTC).waitFor();
    expect(await time.getAttribute('aria-describedby')).toBe('tips');
    await page.keyboard.press('Escape');
    await tip(page).waitFor({ state: 'hidden' });
  });

  it('is told of all of a row when its link is focused, a name that is cut off included', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'W'.repeat(255), slug: 'long' });
    const page = await signedInPage(org, { path: '/customers' });
    const link = page.locator('.row-link');
    await link.waitFor();
    await page.getByRole('columnheader', { name: 'Created' }).getByRole('button').focus();
    await page.keyboard.press('Tab');
    await tip(page).getByText('W'.repeat(255)).waitFor();
    await tip(page)
      .getByText(/^Created: .* UTC$/)
      .waitFor();
    await expectAccessible(page);
    // The time lies above the row's link, and leads where that does.
    await page.locator('tbody time').hover();
    await tip(page).getByText(UTC).waitFor();
    await page.locator('tbody time').click();
    await page.waitForURL('**/customers/long');
  });

  it('never breaks a time into two lines', async () => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    await org.api.post('/api/instances', { name: 'Production of the whole of Japan', customerId: 'acme' });
    for (const language of ['en', 'fr'] as const) {
      const page = await signedInPage(org, { language, path: '/instances', viewport: { width: 1024, height: 768 } });
      const heights = await page
        .locator('tbody time')
        .evaluateAll((times) => times.map((time) => time.getClientRects().length));
      expect(heights.every((lines) => lines === 1)).toBe(true);
    }
  });
});

import { expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, signedInPage, useConsole } from '../support/console-browser.js';
import { overflowOf } from '../support/console-screens.js';
import { createFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const viewport = { width: 360, height: 740 };

describeInBrowser('on a phone', () => {
  it.each(['en', 'fr'] as const)(
    'all pages of a flag are in sight, and what is searched is read whole: %s',
    async (language) => {
      const org = await anOrg();
      await createFlag(org.api, 'checkout');
      await org.api.post('/api/customers', { name: 'Acme' });
      await org.api.post('/api/instances', { name: 'Production', customerId: 'acme' });
      const page = await signedInPage(org, { path: '/feature-flags/checkout/try', viewport, language });
      await page.locator('.flag-tabs a[aria-current]').waitFor();
      const cut = await page.evaluate<string[]>(`[...document.querySelectorAll('.flag-tabs a')].filter((tab) => {
      const { left, right } = tab.getBoundingClientRect();
      return left < 0 || right > innerWidth;
    }).map((tab) => tab.textContent)`);
      expect(cut).toEqual([]);
      for (const path of [
        '/customers',
        '/instances',
        '/feature-flags',
        '/integrations/service-accounts',
        '/integrations/tokens',
      ]) {
        await page.goto(path);
        const box = page.getByRole('searchbox');
        // Written there as text, it fits.
        await box.fill((await box.getAttribute('placeholder'))!);
        const missing = await page.evaluate<number>(
          `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.search-box > input'))`,
        );
        expect([path, missing]).toEqual([path, 0]);
        await box.fill('');
      }
      await page.goto('/customers');
      await expectAccessible(page);
    },
  );

  it.each(['en', 'fr'] as const)('the request behind a page is whole: %s', async (language) => {
    const page = await signedInPage(await anOrg(), { path: '/customers?help=api', viewport, language });
    await page.getByRole('dialog').waitFor();
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  });
});

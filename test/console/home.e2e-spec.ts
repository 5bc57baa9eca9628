import { expect, it } from '@jest/globals';
import {
  describeInBrowser,
  expectAccessible,
  expectSoon,
  newPage,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { anOrg } from '../support/organizations.js';

useConsole();

describeInBrowser('home', () => {
  it('has the numbers that the server counts, and ticks off what is true', async () => {
    const org = await anOrg();
    for (const name of ['Acme', 'Globex']) await org.api.post('/api/customers', { name });
    const page = await signedInPage(org);
    const number = page.locator('.number', { hasText: 'Customers' }).locator('strong');
    await expectSoon(() => number.textContent(), '2');
    const marks = page.locator('.step-mark');
    await marks.first().waitFor();
    const labels = await Promise.all((await marks.all()).map((mark) => mark.getAttribute('aria-label')));
    // Uses are not recorded in this suite.
    expect(labels).toEqual(['Done', 'Done', 'To do', 'To do']);
    await page.getByRole('link', { name: 'New feature flag' }).click();
    await page.waitForURL('**/feature-flags/new');
    await page.goBack();
    await page.getByText('/api/me').waitFor();
  });

  it('says when the server is away, and goes on when it is back', async () => {
    const page = await signedInPage(await anOrg(), { ignore: /net::ERR/ });
    await page.context().route('**/api/**', (route) => route.abort('connectionrefused'));
    await page.getByRole('link', { name: 'Customers', exact: true }).first().click();
    await page.locator('.connection-banner').waitFor();
    await page.context().unroute('**/api/**');
    await page.locator('.connection-banner').waitFor({ state: 'detached', timeout: 15_000 });
    await page.getByText('No customers').first().waitFor();
  });

  it('shows the request behind a page, at an address of its own', async () => {
    const page = await signedInPage(await anOrg(), { path: '/customers?q=acme' });
    await page.getByRole('button', { name: 'As API' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('/api/customers?sort=name&q=acme').waitFor();
    expect(page.url()).toContain('help=api');
    await page.reload();
    await dialog.getByText('/api/customers?sort=name&q=acme').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('help');
  });

  it('works on a phone: the menu opens, says where one is, and closes', async () => {
    const page = await signedInPage(await anOrg(), { viewport: { width: 360, height: 740 } });
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.click();
    const link = page.getByRole('navigation').getByRole('link', { name: 'Home' });
    expect(await link.getAttribute('aria-current')).toBe('page');
    await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
    await link.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('is reached by keyboard: the first Tab skips to the content', async () => {
    const page = await signedInPage(await anOrg());
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  });
});

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['en', 'fr'] as const) {
    describeInBrowser(`axe, ${theme}, ${language}`, () => {
      it('finds nothing at the sign-in', async () => {
        const page = await newPage({ theme, language });
        await page.goto('/sign-in');
        await page.getByRole('heading').waitFor();
        await expectAccessible(page);
        await page.goto('/sign-in#nonsense');
        await page.getByRole('alert').waitFor();
        await expectAccessible(page);
      });

      it('finds nothing at home, its help and its menu', async () => {
        const page = await signedInPage(await anOrg(), { theme, language });
        await page.locator('.step-mark').first().waitFor();
        await expectAccessible(page);
        await page.locator('.api-help-button').click();
        await page.getByRole('dialog').waitFor();
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.locator('.menu-button').click();
        await page.getByRole('menu').waitFor();
        await expectAccessible(page);
      });

      it('finds nothing at the account', async () => {
        const page = await signedInPage(await anOrg(), { theme, language, path: '/account' });
        await page.locator('.sessions > li').waitFor();
        await expectAccessible(page);
        await page.goto('/nothing/here');
        await page.getByRole('heading').first().waitFor();
        await expectAccessible(page);
      });
    });
  }
}

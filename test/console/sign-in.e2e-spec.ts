import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { linkSecret } from '../support/browser.js';
import {
  consoleUrl,
  describeInBrowser,
  expectSoon,
  newContext,
  newPage,
  openPage,
  signInOn,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** The colour behind everything. */
const CANVAS = 'getComputedStyle(document.documentElement).backgroundColor';
const DARK = 'rgb(13, 19, 32)';

/** As if twelve hours had passed: the server has forgotten the session, the browser keeps its cookie. */
async function endSession(page: Page): Promise<void> {
  const status = await page.evaluate(`fetch('/api/session', { method: 'DELETE' }).then((answer) => answer.status)`);
  expect(status).toBe(204);
}

describeInBrowser('signing in', () => {
  it('leads from a link to home, and leaves its secret nowhere', async () => {
    const org = await anOrg();
    const secret = await linkSecret(org);
    const page = await newPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(`/sign-in#${secret}`);
    await heading(page, 'Home').waitFor();
    expect(page.url()).toBe(`${consoleUrl()}/`);
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(secret);
    await page.goBack().catch(() => null);
    expect(page.url()).not.toContain(secret);
    expect(addresses.filter((address) => address.includes(secret))).toEqual([]);
  });

  it('says what to run when a link has been used, and when there is none', async () => {
    const org = await anOrg();
    const secret = await linkSecret(org);
    const used = await newPage();
    await used.goto(`/sign-in#${secret}`);
    await heading(used, 'Home').waitFor();
    const page = await newPage();
    await page.goto(`/sign-in#${secret}`);
    await heading(page, 'This link cannot be used any more').waitFor();
    await page.getByText('kaiten -- sign-in-link').waitFor();
    const other = await newPage();
    await other.goto('/customers');
    await heading(other, 'Sign in').waitFor();
    await other.getByText('kaiten -- sign-in-link').waitFor();
  });

  it('takes a link pasted into a tab that waits for one, and goes where that tab wanted to go', async () => {
    const org = await anOrg();
    const page = await newPage();
    await page.goto('/customers?q=acme');
    await heading(page, 'Sign in').waitFor();
    await page.goto(`/sign-in#${await linkSecret(org)}`);
    await heading(page, 'Customers').waitFor();
    expect(page.url()).toBe(`${consoleUrl()}/customers?q=acme`);
  });

  it('ends with the sign-out, for other tabs too', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { name: 'Ada' });
    const other = await openPage(page.context());
    await other.goto('/account');
    await page.getByRole('button', { name: 'Account: Ada' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in').waitFor();
    await other.getByRole('link', { name: 'Customers', exact: true }).click();
    await heading(other, 'Your session has ended').waitFor();
    await page.goto('/');
    await heading(page, 'Sign in').waitFor();
  });
});

describeInBrowser('a session that ends in the middle', () => {
  it('leads to the sign-in and back, with what was typed', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { name: 'Grace', path: '/customers/new' });
    await page.getByRole('dialog').getByLabel('Name').first().fill('Ōkami & Söhne');
    await endSession(page);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /create/i })
      .click();
    await heading(page, 'Your session has ended').waitFor();
    // The link is opened in another tab, as mail programs do it.
    const other = await openPage(page.context());
    await signInOn(other, org, { name: 'Grace' });
    await page.getByRole('dialog').waitFor();
    await expectSoon(() => page.getByRole('dialog').getByLabel('Name').first().inputValue(), 'Ōkami & Söhne');
    expect(new URL(page.url()).pathname).toBe('/customers/new');
  });
});

describeInBrowser('what somebody chose', () => {
  it('is kept: theme and language', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { path: '/account' });
    await page.getByLabel('Theme').selectOption('dark');
    await page.getByLabel('Language').selectOption('fr');
    await heading(page, 'Votre compte').waitFor();
    await page.reload();
    await heading(page, 'Votre compte').waitFor();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    expect(await page.evaluate('document.documentElement.lang')).toBe('fr');
    expect(await page.evaluate(CANVAS)).toBe(DARK);
  });

  it('is what the browser asks for, before anybody chooses', async () => {
    const page = await newPage({ language: 'fr', theme: 'dark' });
    await page.goto('/sign-in');
    await heading(page, 'Connexion').waitFor();
    expect(await page.evaluate(CANVAS)).toBe(DARK);
  });
});

describeInBrowser('sessions', () => {
  it('are listed, and the others can be ended', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { name: 'Lin', path: '/account' });
    const elsewhere = await openPage(await newContext());
    await signInOn(elsewhere, org, { name: 'Lin' });
    await page.reload();
    const others = page.getByRole('button', { name: 'Sign out the others' });
    await others.click();
    await page.getByText('The other sessions have ended.').waitFor();
    await expectSoon(() => page.locator('.sessions > li').count(), 1);
    expect(await others.getAttribute('aria-disabled')).toBe('true');
    await elsewhere.goto('/account');
    await heading(elsewhere, 'Sign in').waitFor();
  });

  it('are ended one by one', async () => {
    const org = await anOrg();
    const page = await signedInPage(org, { name: 'Lin', path: '/account' });
    const elsewhere = await openPage(await newContext());
    await signInOn(elsewhere, org, { name: 'Lin' });
    await page.reload();
    await page.getByRole('button', { name: /^Sign out: / }).click();
    await page.getByText('That session has ended.').waitFor();
    await expectSoon(() => page.locator('.sessions > li').count(), 1);
    await elsewhere.goto('/account');
    await heading(elsewhere, 'Sign in').waitFor();
    await page.reload();
    await heading(page, 'Your account').waitFor();
  });
});

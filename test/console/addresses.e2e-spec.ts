import { expect, it } from '@jest/globals';
import type { BrowserContext, Page, Request } from 'playwright-core';
import { testApp } from '../support/app.js';
import {
  consoleUrl,
  describeInBrowser,
  expectSoon,
  newContext,
  openPage,
  signedInPage,
  signInOn,
  useConsole,
  whileServerIsAway,
} from '../support/console-browser.js';
import type { Screen, Things } from '../support/console-screens.js';
import { addressOf, eachOn, goTo, makeThings, namesAt, screensOf, settled } from '../support/console-screens.js';
import { anOrg } from '../support/organizations.js';

useConsole();

/** What a page asks for in vain is what the browser's console is told, too. */
const AWAY = /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_NETWORK/;
const AT_ONCE = [1, 2, 3];
const LOST = 'The server cannot be reached';
/** What is read on the page and in its fields. Times pass, and what an editor is made of is its own business. */
const textOf = (page: Page): Promise<string> =>
  page.evaluate(`[...document.querySelectorAll('main, [role=dialog]')].map((part) => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll('time, .cm-editor').forEach((each) => each.remove());
    const typed = [...part.querySelectorAll('input:not([type=radio]), textarea')].map(({ value }) => value);
    return [copy.textContent, ...typed].join('|');
  }).join('\\n')`);

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** As if a minute had passed, and somebody came back to the tab: what has been read is read again. */
const comeBackLater = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    const now = Date.now;
    Date.now = () => now() + 61_000;
    window.dispatchEvent(new Event('visibilitychange'));
  })()`);

/** The screen's tab, and what is read there. */
interface Tab extends Screen {
  readonly address: string;
  readonly names: readonly string[];
  readonly page: Page;
  /** What it waits for. */
  readonly asked: Set<Request>;
  text: string;
}

async function expectOpen({ page, address, names, asked }: Tab): Promise<void> {
  await page.waitForURL((url) => url.pathname === address);
  await settled(page);
  for (const name of names) await expectSoon(async () => (await textOf(page)).includes(name), true);
  await expectSoon(async () => asked.size, 0);
}

async function openTab(context: BrowserContext, screen: Screen, things: Things): Promise<Tab> {
  const page = await openPage(context, { ignore: AWAY });
  const asked = new Set<Request>();
  page.on('request', (request) => asked.add(request));
  page.on('requestfinished', (request) => asked.delete(request));
  page.on('requestfailed', (request) => asked.delete(request));
  return {
    ...screen,
    address: addressOf(screen.route, things),
    names: namesAt(screen.route, things),
    page,
    asked,
    text: '',
  };
}

describeInBrowser('every address', () => {
  it('opens as a pasted link and by reload, and is there again after a sign-in and an outage', async () => {
    const org = await anOrg();
    const things = await makeThings(org, 'a name');
    const screens = await screensOf(await signedInPage(org));
    const context = await newContext();
    context.setDefaultTimeout(30_000);
    const tabs = await Promise.all(screens.map((screen) => openTab(context, screen, things)));
    const first = tabs[0]!;
    const signIn = (): Promise<void> => signInOn(first.page, org, { name: 'Ada' });

    await signIn();
    expect(
      await eachOn(AT_ONCE, tabs, async (tab) => {
        await tab.page.goto(tab.address, { waitUntil: 'commit' });
        await expectOpen(tab);
        tab.text = await textOf(tab.page);
      }),
    ).toEqual([]);

    const expectTheSame = async (tab: Tab): Promise<void> => {
      await expectOpen(tab);
      await expectSoon(() => textOf(tab.page), tab.text);
    };
    expect(
      await eachOn(AT_ONCE, tabs, async (tab) => {
        await tab.page.reload({ waitUntil: 'commit' });
        await expectTheSame(tab);
      }),
    ).toEqual([]);

    await testApp().owner.query('DELETE FROM sessions WHERE organization_id = $1', [org.org.id]);
    expect(
      await eachOn(AT_ONCE, tabs, async ({ page }) => {
        await comeBackLater(page);
        await heading(page, 'Your session has ended').waitFor();
      }),
    ).toEqual([]);
    await signIn();
    expect(await eachOn(AT_ONCE, tabs, expectTheSame)).toEqual([]);

    await whileServerIsAway(async () => {
      expect(
        await eachOn(AT_ONCE, tabs, async ({ page, names }) => {
          await comeBackLater(page);
          await page.getByText(LOST).waitFor();
          for (const name of names) expect(await textOf(page)).toContain(name);
        }),
      ).toEqual([]);
    });
    expect(
      await eachOn(AT_ONCE, tabs, async (tab) => {
        await tab.page.getByText(LOST).waitFor({ state: 'detached' });
        await expectTheSame(tab);
      }),
    ).toEqual([]);
  }, 300_000);

  it('of a dialog is closed by Escape and by going back, to where it was opened', async () => {
    const org = await anOrg();
    const things = await makeThings(org, 'a name');
    const first = await signedInPage(org);
    const dialogs = (await screensOf(first)).filter(({ over }) => over);
    let seen = 0;
    const look = async ({ route, over }: Screen, page: Page): Promise<void> => {
      const dialog = page.getByRole('dialog');
      const address = addressOf(route, things);
      const below = addressOf(over!, things);
      const isAt = async (place: string): Promise<void> => {
        await expectSoon(async () => page.url().replace(consoleUrl(), ''), place);
        await settled(page);
      };
      const isClosed = async (place: string): Promise<void> => {
        await isAt(place);
        await dialog.waitFor({ state: 'detached' });
      };
      const isOpen = (): Promise<void> =>
        expectSoon(() => page.evaluate('Boolean(document.activeElement.closest("[role=dialog]"))'), true);
      const focused = (): Promise<string> => page.evaluate('document.activeElement.outerHTML');

      await page.goto(address, { waitUntil: 'commit' });
      await isAt(address);
      // A page below another is none.
      if ((await dialog.count()) === 0) return;
      seen += 1;
      await isOpen();
      const steps = await page.evaluate('history.length');
      await page.keyboard.press('Escape');
      await isClosed(below);
      expect(await page.evaluate('history.length')).toBe(steps);

      await goTo(page, `${below}?q=a`);
      await isAt(`${below}?q=a`);
      await page.locator('main').getByRole('button').first().focus();
      const opener = await focused();
      await goTo(page, `${address}?q=a`);
      await isOpen();
      await page.keyboard.press('Escape');
      await isClosed(`${below}?q=a`);
      await expectSoon(focused, opener);
      await page.goForward();
      await isOpen();
      await page.goBack();
      await isClosed(`${below}?q=a`);
      await page.goBack();
      await isClosed(below);
    };
    expect(await eachOn([first, await openPage(first.context())], dialogs, look)).toEqual([]);
    expect(seen).toBeGreaterThan(12);
  }, 300_000);

  it('whose part of the console has not been loaded waits for a server that is away', async () => {
    const page = await signedInPage(await anOrg(), { ignore: AWAY });
    await whileServerIsAway(async () => {
      await page.getByRole('link', { name: 'Customers', exact: true }).first().click();
      await page.getByText(LOST).waitFor();
    });
    await heading(page, 'Customers').waitFor();
    await page.getByText(LOST).waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${consoleUrl()}/customers`);
  });

  it('whose part is of a console that has been built anew since begins anew, too', async () => {
    const page = await signedInPage(await anOrg(), { ignore: /status of 404/ });
    let isOld = true;
    page.once('load', () => (isOld = false));
    await page.route(/\/assets\/customers-page/, (route) =>
      isOld ? route.fulfill({ status: 404 }) : route.continue(),
    );
    await page.getByRole('link', { name: 'Customers', exact: true }).first().click();
    await heading(page, 'Customers').waitFor();
    expect(isOld).toBe(false);
  });
});

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
import { addressOf, makeThings, namesAt, screensOf, settled } from '../support/console-screens.js';
import { anOrg } from '../support/organizations.js';

useConsole();

/** What a page asks for in vain is what the browser's console is told, too. */
const AWAY = /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_NETWORK/;
const LOST = 'The server cannot be reached';
const SIDE_BY_SIDE = 6;

/** Does it with all of them, a few at a time. @returns what went wrong, and where. */
async function each<T extends Screen>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = [...items];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item; item = waiting.shift())
      await work(item).catch((error: Error) => wrong.push(`${item!.route}: ${error.message}`));
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next));
  return wrong;
}

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
      await each(tabs, async (tab) => {
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
      await each(tabs, async (tab) => {
        await tab.page.reload({ waitUntil: 'commit' });
        await expectTheSame(tab);
      }),
    ).toEqual([]);

    await testApp().owner.query('DELETE FROM sessions WHERE organization_id = $1', [org.org.id]);
    expect(
      await each(tabs, async ({ page }) => {
        await comeBackLater(page);
        await heading(page, 'Your session has ended').waitFor();
      }),
    ).toEqual([]);
    await signIn();
    expect(await each(tabs, expectTheSame)).toEqual([]);

    await whileServerIsAway(async () => {
      expect(
        await each(tabs, async ({ page, names }) => {
          await comeBackLater(page);
          await page.getByText(LOST).waitFor();
          for (const name of names) expect(await textOf(page)).toContain(name);
        }),
      ).toEqual([]);
    });
    expect(
      await each(tabs, async (tab) => {
        await tab.page.getByText(LOST).waitFor({ state: 'detached' });
        await expectTheSame(tab);
      }),
    ).toEqual([]);
  }, 180_000);

  it('of a dialog is closed by Escape and by going back, to where it was opened', async () => {
    const org = await anOrg();
    const things = await makeThings(org, 'a name');
    const first = await signedInPage(org, { path: '/account' });
    const dialogs = (await screensOf(first)).filter(({ over }) => over);
    const spare = [first];
    let seen = 0;
    const look = async (page: Page, { route, over }: Screen): Promise<void> => {
      const dialog = page.getByRole('dialog');
      const address = addressOf(route, things);
      const below = addressOf(over!, things);
      const go = (to: string): Promise<unknown> =>
        page.evaluate(`window.__TSR_ROUTER__.history.push(${JSON.stringify(to)})`);
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
      await page.keyboard.press('Escape');
      await isClosed(below);
      await page.goBack();
      await isClosed('/account');

      await go(`${below}?q=a`);
      await isAt(`${below}?q=a`);
      await page.locator('main').getByRole('button').first().focus();
      const opener = await focused();
      await go(`${address}?q=a`);
      await isOpen();
      await page.keyboard.press('Escape');
      await isClosed(`${below}?q=a`);
      await expectSoon(focused, opener);
      await page.goForward();
      await isOpen();
      await page.goBack();
      await isClosed(`${below}?q=a`);
      await page.goBack();
      await isClosed('/account');
    };
    const lookOnce = async (screen: Screen): Promise<void> => {
      const page = spare.pop() ?? (await openPage(first.context()));
      await page.goto('/account', { waitUntil: 'commit' });
      await settled(page);
      await look(page, screen);
      spare.push(page);
    };
    expect(await each(dialogs, lookOnce)).toEqual([]);
    expect(seen).toBeGreaterThan(12);
  }, 180_000);

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

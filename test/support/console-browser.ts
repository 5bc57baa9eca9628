import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { Role } from '../../src/auth/roles.js';
import { testApp, useApp } from './app.js';
import { linkSecret, signedIn } from './browser.js';
import { project } from './embedded-process.js';
import type { TestOrganization } from './organizations.js';

const program = process.env.KAITEN_TEST_CHROMIUM;

/** Where Chromium is not installed, the run's last lines say so: see test/support/programs.mjs. */
export const describeInBrowser = program ? describe : describe.skip;

let browser: Browser;
const contexts: BrowserContext[] = [];
/** What pages have had to complain about: errors, what the content security policy refused, what they wanted from elsewhere. */
const complaints: string[] = [];

/** Gives the suite the console on the server, and a browser. After each test, its pages must have had nothing to complain about. */
export function useConsole(options: { readonly env?: NodeJS.ProcessEnv } = {}): void {
  jest.setTimeout(60_000);
  // A browser on a busy machine may be late for what no server is; the log says when a test needed its second chance.
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
  // Somebody may build while the tests run.
  const copy = mkdtempSync(join(tmpdir(), 'kaiten-console-'));
  if (program) cpSync(join(project, 'console', 'dist'), copy, { recursive: true });
  useApp({ console: true, consoleDirectory: () => copy, env: options.env });
  beforeAll(async () => {
    if (program) browser = await chromium.launch({ executablePath: program });
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(copy, { recursive: true });
  });
}

/** Where the console is, as a browser's address has it. */
export const consoleUrl = (): string => testApp().consoleUrl.replace('127.0.0.1', 'localhost');

/** Nobody answers at the console's address while the work is done. */
export async function whileServerIsAway(work: () => Promise<unknown>): Promise<void> {
  const server = testApp().consoleServer!;
  server.close();
  server.closeAllConnections();
  try {
    await work();
  } finally {
    await new Promise<void>((resolve) => server.listen(Number(new URL(consoleUrl()).port), '127.0.0.1', resolve));
  }
}

interface Looks extends Pick<BrowserContextOptions, 'viewport' | 'timezoneId' | 'permissions'> {
  readonly language?: 'en' | 'fr';
  readonly theme?: 'light' | 'dark';
  /** Of complaints that this test is about. */
  readonly ignore?: RegExp;
}

/** A browser of its own, with nothing in it. */
export async function newContext({
  language = 'en',
  theme = 'light',
  ignore: _,
  ...rest
}: Looks = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: consoleUrl(),
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    colorScheme: theme,
    ...rest,
  });
  context.setDefaultTimeout(10_000);
  contexts.push(context);
  return context;
}

/** A page in a new browser, where nobody has signed in. */
export async function newPage(looks: Looks = {}): Promise<Page> {
  return openPage(await newContext(looks), looks);
}

/** Another page of a browser. */
export async function openPage(context: BrowserContext, { ignore }: Looks = {}): Promise<Page> {
  const page = await context.newPage();
  const complain = (text: string): void => {
    if (!ignore?.test(text)) complaints.push(text);
  };
  page.on('pageerror', ({ message }) => complain(`threw: ${message}`));
  page.on('console', (message) => {
    // A refused request is one for the browser's console too: what the page makes of it is tested where it is expected.
    const isStatus = /^Failed to load resource: the server responded with a status of (?:401|403|404|409|412|422|429)/;
    if (/error|warning/.test(message.type()) && !isStatus.test(message.text())) complain(`said: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== consoleUrl()) complain(`asked elsewhere: ${request.url()}`);
  });
  await page.addInitScript(REPORT_REFUSALS);
  return page;
}

interface Somebody extends Looks {
  readonly role?: Role;
  readonly name?: string;
  /** Where to go; home unless given. */
  readonly path?: string;
}

/** A page of somebody who has signed in. The sign-in itself, as people do it, is looked at where it is the subject. */
export async function signedInPage(org: TestOrganization, somebody: Somebody = {}): Promise<Page> {
  const { role, name, path = '/', ...looks } = somebody;
  const page = await newPage(looks);
  const [cookie, value] = (await signedIn(org, { role, name })).cookie!.split('=');
  await page
    .context()
    .addCookies([{ name: cookie!, value: value!, url: consoleUrl(), httpOnly: true, sameSite: 'Strict' }]);
  await page.goto(path);
  await page.locator('#navigation').waitFor({ state: 'attached' });
  return page;
}

/** Opens a new sign-in link on the page, and waits for where it leads. */
export async function signInOn(page: Page, org: TestOrganization, who: Somebody = {}): Promise<void> {
  await page.goto(`/sign-in#${await linkSecret(org, { role: who.role, name: who.name })}`);
  await page.locator('#navigation').waitFor({ state: 'attached' });
}

/** In the page, whose globals are not those of the tests. */
const REPORT_REFUSALS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));`;

let axeSource: string | undefined;

/** What axe finds wrong with the page as it is now: none of it is allowed anywhere. */
export async function expectAccessible(page: Page): Promise<void> {
  axeSource ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Half of an animation has half of its contrast; the ones that never end are skeletons.
  await page.evaluate(`Promise.all(document.getAnimations().map((animation) =>
    animation.effect.getTiming().iterations === Infinity || animation.finished.catch(() => 0))).then(() => 0)`);
  // Evaluated by the debugger, which the page's policy does not concern.
  if (await page.evaluate('!window.axe')) await page.evaluate(axeSource);
  const found =
    await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`);
  expect(found).toEqual([]);
}

/** The same in either theme, between which a page changes without being loaded again. */
export async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
}

/** How long a page may take to show what it is asked for, in milliseconds. */
const PATIENCE = 10_000;

/** Asks a page until it says what is expected: what it shows comes when the server has answered. */
export async function expectSoon<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await read();
    if (Object.is(value, expected) || Date.now() > end) {
      expect(value).toBe(expected);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

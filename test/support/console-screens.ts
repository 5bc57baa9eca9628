import type { Page } from 'playwright-core';
import { expect } from '@jest/globals';
import { expectSoon } from './console-browser.js';
import { createFlag } from './flag-bodies.js';
import { mintedTokens } from './minted-tokens.js';
import type { TestOrganization } from './organizations.js';

/** A screen of the console, as its router has it. */
export interface Screen {
  /** `/customers/$customer/edit` */
  readonly route: string;
  /** The route that it is a dialog over. */
  readonly over?: string;
}

/** Every screen that a session is needed for, from the page's own router: what is added there is looked at here. */
export async function screensOf(page: Page): Promise<Screen[]> {
  const routes = await page.evaluate<[string, string | null][]>(
    `Object.values(window.__TSR_ROUTER__.routesByPath).map(({ fullPath, parentRoute }) =>
       [fullPath, parentRoute?.parentRoute?.parentRoute ? parentRoute.fullPath : null])`,
  );
  const screens = routes
    .map(([route, over]): Screen => ({ route, over: over ?? undefined }))
    .filter(({ route }) => route !== '/sign-in' && !route.endsWith('$'));
  expect(screens.length).toBeGreaterThan(20);
  return screens;
}

/** What the parameters of addresses are in an organization: `$customer` -> its slug, and the name that must be read there. */
export type Things = Readonly<Record<string, { readonly slug: string; readonly name: string }>>;

/** @throws Error for a parameter that is not among the things: whoever adds a kind of screen adds one of its kind here. */
export function addressOf(route: string, things: Things): string {
  return route.replace(/\$(\w+)/g, (_, parameter: string) => {
    const thing = things[parameter];
    if (!thing) throw new Error(`no ${parameter} for ${route}: see test/support/console-screens.ts`);
    return encodeURIComponent(thing.slug);
  });
}

/** What must be read at an address: the names of what it is about. */
export const namesAt = (route: string, things: Things): string[] =>
  [...route.matchAll(/\$(\w+)/g)].slice(-1).map(([, parameter]) => things[parameter!]!.name);

/** Makes one of everything there are screens of, all of one name and, where it is given, one slug. */
export async function makeThings({ api }: TestOrganization, name: string, slug?: string): Promise<Things> {
  const made = async (path: string, body: object): Promise<{ slug: string; name: string }> => {
    const answer = await api.post(`/api${path}`, { name, slug, ...body });
    expect([path, answer.status, answer.text]).toEqual([path, 201, answer.text]);
    if (answer.body.token) mintedTokens.push(answer.body.token);
    return answer.body;
  };
  const customer = await made('/customers', {});
  const metadata = { constructor: { name }, toString: '</script>' };
  const instance = await made('/instances', { customerId: customer.slug, description: name, metadata });
  const account = await made('/service-accounts', {});
  const token = await made(`/service-accounts/${account.slug}/tokens`, { scopes: ['read:*'] });
  const flag = await createFlag(api, {
    name,
    slug,
    description: name,
    type: 'string',
    metadata,
    variants: [
      { name, description: name, value: name },
      { name: 'constructor', description: '', value: '</script>' },
    ],
    default_variant: { type: 'basic', value: name },
    targetings: [{ type: 'basic', name, rule: `has(user.name) && user.name == "</script>"`, variant: 'constructor' }],
  });
  return { customer, instance, account, token, flag, featureFlag: flag };
}

/** Goes to an address as a link in the page does, which is faster than to load everything anew. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate(`window.__TSR_ROUTER__.history.push(${JSON.stringify(address)})`);
  // What was there before stays until all of it has come.
  await expectSoon(() => page.evaluate('window.__TSR_ROUTER__.state.resolvedLocation?.href'), address);
}

/** Does it with all of them, as many at a time as there are pages for it. @returns what went wrong, and where. */
export async function eachOn<T extends Screen, P>(
  pages: readonly P[],
  items: readonly T[],
  work: (item: T, page: P) => Promise<unknown>,
): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = [...items];
  const goOn = async (page: P): Promise<void> => {
    for (let item = waiting.shift(); item; item = waiting.shift())
      await work(item, page).catch((error: Error) => wrong.push(`${item!.route}: ${error.message}`));
  };
  await Promise.all(pages.map(goOn));
  return wrong;
}

/** Until nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor();
  // Asked from outside: a page that must not evaluate text cannot wait for an expression by itself.
  await expectSoon(() => page.locator('.skeleton, .code-ghost, [aria-busy="true"]').count(), 0);
}

/** How far the page, or a dialog over it, is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>(`Math.max(
    Math.round(document.documentElement.scrollWidth - document.body.getBoundingClientRect().width),
    ...[...document.querySelectorAll('.overlay')].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`);

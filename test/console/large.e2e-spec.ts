import { beforeAll, expect, it } from '@jest/globals';
import type { Page, Response } from 'playwright-core';
import { describeInBrowser, expectSoon, signedInPage, useConsole } from '../support/console-browser.js';
import { settled } from '../support/console-screens.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';
import { fill } from '../support/rows.js';

useConsole();

const FEW = 10;
const PAGE = 50;
/** A screen of the large organization has a page of rows where the small one's has all of its few: five times as many, of longer numbers and with a cursor. */
const MOST_TIMES_THE_BYTES = PAGE / FEW + 1;
/** An account's answer has its newest tokens as well, a hundred of them. */
const MOST_TIMES_OF_AN_ACCOUNT = (PAGE + 100) / (FEW + FEW) + 1;

let many: TestOrganization;
let few: TestOrganization;

/** A list, and what is read in it when there is much of everything. */
interface List {
  readonly path: string;
  /** The names of its rows. */
  readonly names: string;
  readonly total: string;
  /** The first of some lists is the account or token that every organization of the tests has. */
  readonly second: string;
  /** The first row of the next page. */
  readonly next: string;
  readonly search: readonly [query: string, found: string];
  /** Orders the list anew. */
  readonly sort: (page: Page) => Promise<unknown>;
  /** The first row then. */
  readonly sorted: string;
}

const byName = (page: Page): Promise<unknown> => page.getByRole('button', { name: 'Name' }).click();
const oldestFirst = (page: Page): Promise<unknown> => page.getByLabel('Sort').selectOption('createdAt');

const LISTS: readonly List[] = [
  {
    path: '/customers',
    names: 'tbody .row-link',
    total: '100,000',
    second: 'Customer 000002',
    next: 'Customer 000051',
    search: ['099999', 'Customer 099999'],
    sort: byName,
    sorted: 'Customer 100000',
  },
  {
    path: '/instances',
    names: 'tbody .row-link',
    total: '100,000',
    second: 'Instance 000002',
    next: 'Instance 000051',
    search: ['099999', 'Instance 099999'],
    sort: byName,
    sorted: 'Instance 100000',
  },
  {
    path: '/integrations/service-accounts',
    names: 'tbody .row-link',
    total: '100',
    second: 'Account 099',
    next: 'Account 050',
    search: ['account-007', 'Account 007'],
    sort: byName,
    sorted: 'Account 001',
  },
  {
    path: '/integrations/tokens',
    names: '.token-list h2',
    total: '100,000',
    second: 'Token 099999',
    next: 'Token 099950',
    search: ['token-012345', 'Token 012345'],
    sort: oldestFirst,
    sorted: 'Token 000001',
  },
  {
    path: '/integrations/service-accounts/my-app-backend',
    names: '.token-list h2',
    total: '1,000',
    second: 'Token 099900',
    next: 'Token 095000',
    search: ['token-012300', 'Token 012300'],
    sort: oldestFirst,
    sorted: 'Token 000100',
  },
];

interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

/** How long a page asks for nothing before it is taken to be done, in milliseconds: longer than it waits for a pause in typing. */
const QUIET = 600;

/** What the page asks of the API meanwhile, and how much it gets. */
async function trafficOf(page: Page, meanwhile: () => Promise<unknown>): Promise<Traffic> {
  const answers: Promise<number>[] = [];
  const count = (response: Response): void => {
    // What is left unread when a page is left has no size.
    if (new URL(response.url()).pathname.startsWith('/api/'))
      answers.push(
        response
          .body()
          .then(({ length }) => length)
          .catch(() => 0),
      );
  };
  page.on('response', count);
  await meanwhile();
  // On a slow machine the first answer can take longer than the silence that ends the wait below.
  await expectSoon(async () => answers.length > 0, true);
  for (let seen = -1; seen < answers.length;) {
    seen = answers.length;
    await settled(page);
    await page.waitForTimeout(QUIET);
  }
  page.off('response', count);
  const lengths = await Promise.all(answers);
  return { requests: lengths.length, bytes: lengths.reduce((sum, length) => sum + length, 0) };
}

/** A page that has nothing under way. */
async function pageAt(org: TestOrganization, path: string): Promise<Page> {
  const page = await signedInPage(org);
  await trafficOf(page, () => page.goto(path));
  return page;
}

type Act = (page: Page) => Promise<unknown>;

/** The same, done in both organizations, takes as many requests and a page's bytes. */
async function expectTheSame(path: string, acts: readonly Act[], times = MOST_TIMES_THE_BYTES): Promise<void> {
  const [small, large] = await Promise.all([pageAt(few, path), pageAt(many, path)]);
  for (const act of acts) {
    const [ten, all] = await Promise.all([trafficOf(small, () => act(small)), trafficOf(large, () => act(large))]);
    expect(all.requests).toBeLessThanOrEqual(ten.requests);
    expect(all.bytes).toBeLessThanOrEqual(ten.bytes * times);
  }
}

async function findInPalette(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Go to…' }).click();
  await page.locator('.palette-input').fill(text);
  await page.getByRole('menuitem', { name: `${text}1` }).waitFor();
  await expectSoon(() => page.locator('.palette-state').textContent(), '');
}

describeInBrowser('an organization with 100,000 customers, instances and tokens', () => {
  beforeAll(async () => {
    [few, many] = [await anOrg(), await anOrg()];
    await fill(few, { rows: FEW, accounts: FEW, holders: 1 });
    await fill(many, { rows: 100_000, accounts: 100, holders: 100 });
  }, 300_000);

  it.each(LISTS)('has them counted, found, ordered and paged by the server: $path', async (list) => {
    const page = await signedInPage(many, { path: list.path });
    const names = page.locator(list.names);
    const isFirst = (name: string): Promise<void> => expectSoon(() => names.first().textContent(), name);
    await page.getByText(`1–${PAGE} of ${list.total}`, { exact: true }).waitFor();
    await expectSoon(() => names.nth(1).textContent(), list.second);
    await expectSoon(() => names.count(), PAGE);

    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText(`${PAGE + 1}–${2 * PAGE} of ${list.total}`, { exact: true }).waitFor();
    await isFirst(list.next);

    await list.sort(page);
    await page.getByText(`1–${PAGE} of ${list.total}`, { exact: true }).waitFor();
    await isFirst(list.sorted);

    const [query, found] = list.search;
    await page.getByRole('searchbox').fill(query);
    await page.getByText('1 in all', { exact: true }).waitFor();
    await isFirst(found);
  });

  it.each(LISTS)('takes no more requests and bytes than a page of it: $path', async ({ path, sort, sorted }) => {
    const search: Act = async (page) => {
      await page.getByRole('searchbox').fill(sorted.split(' ')[0]!);
      await page.waitForURL(/q=/);
    };
    const isAccount = path.endsWith('/my-app-backend');
    const times = isAccount ? MOST_TIMES_OF_AN_ACCOUNT : MOST_TIMES_THE_BYTES;
    await expectTheSame(path, [(page) => page.reload(), sort, search], times);
  });

  it('is counted at home, with no more requests and bytes than ten are', async () => {
    const page = await signedInPage(many);
    for (const [kind, count] of [
      ['Customers', '100,000'],
      ['Instances', '100,000'],
      ['Service accounts', '100'],
    ] as const)
      await expectSoon(() => page.locator('.number', { hasText: kind }).locator('strong').textContent(), count);
    await expectTheSame('/', [(each) => each.reload()]);
  });

  it('is found from everywhere, a few of each kind', async () => {
    const page = await signedInPage(many);
    await findInPalette(page, 'Customer 00000');
    await page.getByRole('menuitem', { name: 'All 9 for' }).waitFor();
    await expectTheSame('/', [(each) => findInPalette(each, 'Instance 00000')]);
  });
});

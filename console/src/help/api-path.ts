type Search = Readonly<Record<string, string>>;

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What is sent, as an example. */
  readonly body?: unknown;
}

/** How a list's address says what narrows and orders it, and what the API calls that. */
interface ListParameters {
  readonly [inAddress: string]: string;
}

const LIST: ListParameters = { q: 'q', sort: 'sort', cursor: 'cursor' };
const TOKENS: ListParameters = { ...LIST, state: 'state' };
const INSTANCES: ListParameters = {
  ...LIST,
  customer: 'customerId',
  status: 'status',
  stage: 'lifecycleStage',
  hasLifecycleStage: 'hasLifecycleStage',
};

/** What a list is ordered by when its address does not say. */
const USUAL_ORDER = { customers: 'name', instances: 'name', accounts: '-createdAt', tokens: '-createdAt' } as const;

interface Page {
  /** Of an address; what is in its brackets goes to where the API's path has `$1` and `$2`. */
  readonly at: RegExp;
  readonly path: string;
  readonly list?: ListParameters;
  readonly order?: string;
  readonly body?: (search: Search) => unknown;
}

const ACCOUNTS = '/integrations/service-accounts';

/** The first that fits. A dialog is about the page that it lies over, or makes something. */
const PAGES: readonly Page[] = [
  { at: /^\/customers(?:\/new)?$/, path: 'customers', list: LIST, order: USUAL_ORDER.customers },
  { at: /^\/customers\/([^/]+)/, path: 'customers/$1' },
  { at: /^\/instances(?:\/new)?$/, path: 'instances', list: INSTANCES, order: USUAL_ORDER.instances },
  { at: /^\/instances\/([^/]+)/, path: 'instances/$1' },
  { at: /^\/feature-flags(?:\/new|\/switch\/[^/]+)?$/, path: 'feature-flags', list: LIST },
  { at: /^\/feature-flags\/([^/]+)/, path: 'feature-flags/$1' },
  {
    at: new RegExp(`^${ACCOUNTS}/([^/]+)/tokens/new$`),
    path: 'service-accounts/$1/tokens',
    body: ({ name, scopes }) => ({
      name: name || 'production',
      scopes: (scopes || 'read:customers').split(/[\s,]+/).filter(Boolean),
    }),
  },
  { at: new RegExp(`^${ACCOUNTS}(?:/new)?$`), path: 'service-accounts', list: LIST, order: USUAL_ORDER.accounts },
  { at: new RegExp(`^${ACCOUNTS}/([^/]+)/tokens/([^/]+)`), path: 'service-accounts/$1/tokens/$2' },
  {
    at: new RegExp(`^${ACCOUNTS}/([^/]+)`),
    path: 'service-accounts/$1/tokens',
    list: TOKENS,
    order: USUAL_ORDER.tokens,
  },
  { at: /^\/integrations\/tokens/, path: 'tokens', list: TOKENS, order: USUAL_ORDER.tokens },
];

/** The request that a page's contents come from, or that its form makes. */
export function apiCallOf(pathname: string, search: Search): ApiCall {
  const page = PAGES.find(({ at }) => at.test(pathname));
  if (!page) return { method: 'GET', path: '/api/me' };
  const path = `/api/${page.path.replace(/\$(\d)/g, (_, index) => page.at.exec(pathname)![Number(index)]!)}`;
  if (page.body) return { method: 'POST', path, body: page.body(search) };
  const { list, order } = page;
  if (!list) return { method: 'GET', path };
  const asked = Object.entries({ ...(order && { sort: order }), ...search })
    .filter(([key, value]) => Object.hasOwn(list, key) && value !== '')
    .map(([key, value]): [string, string] => [list[key]!, value]);
  const query = new URLSearchParams(asked).toString();
  return { method: 'GET', path: path + (query && `?${query}`) };
}

/** A command line that makes the request. The token is in the environment: a shell keeps what is typed. */
export function curlOf({ method, path, body }: ApiCall, origin = location.origin): string {
  const sent = body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body))}`];
  return [
    // What a browser leaves alone in an address may mean something to a shell.
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${`${origin}${path}`.replaceAll("'", '%27')}'`,
    '-H "Authorization: Bearer $KAITEN_TOKEN"',
    ...sent,
  ].join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

import { isStatus } from '../instances/statuses';
import { isState, sortOf } from '../tokens/token-words';
import { accountOrderOf, orderOf } from '../ui/sorts';

type Search = Readonly<Record<string, string | undefined>>;

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Below the session's `apiUrl`. */
  readonly path: string;
  /** What is sent, as an example. */
  readonly body?: unknown;
}

/**
 * What a list's page asks for, by the API's names and in their order: the page takes from its address what it understands, and the usual order
 * where that names none.
 */
type ListParameters = (search: Search) => Readonly<Record<string, string | undefined>>;

const only = (isKnown: boolean, value: string | undefined): string | undefined => (isKnown ? value : undefined);

const paged =
  (order: (sort: string | undefined) => string, narrowed?: ListParameters): ListParameters =>
  (search) => ({ sort: order(search.sort), q: search.q, cursor: search.cursor, ...narrowed?.(search) });

const byName = (sort: string | undefined): string => orderOf(sort, 'name');
const CUSTOMERS = paged(byName);
const INSTANCES = paged(byName, ({ customer, status, stage, hasLifecycleStage }) => ({
  customerId: customer,
  status: only(isStatus(status), status),
  lifecycleStage: stage,
  hasLifecycleStage: only(hasLifecycleStage === 'false', hasLifecycleStage),
}));
const FLAGS = paged(byName, ({ enabled }) => ({ enabled: only(enabled === 'true' || enabled === 'false', enabled) }));
const SERVICE_ACCOUNTS = paged(accountOrderOf);
const TOKENS = paged(sortOf, ({ state }) => ({ state: only(isState(state), state) }));
const ALL_TOKENS: ListParameters = (search) => ({ ...TOKENS(search), serviceAccount: search.serviceAccount });

interface Page {
  /** Of an address; what is in its brackets goes to where the API's path has `$1` and `$2`. */
  readonly at: RegExp;
  readonly path: string;
  readonly list?: ListParameters;
  readonly body?: (search: Search) => unknown;
}

const ACCOUNTS = '/integrations/service-accounts';

/** The first that fits. A dialog is about the page that it lies over, or makes something. */
const PAGES: readonly Page[] = [
  { at: /^\/customers(?:\/new)?$/, path: 'customers', list: CUSTOMERS },
  { at: /^\/customers\/([^/]+)/, path: 'customers/$1' },
  { at: /^\/instances(?:\/new)?$/, path: 'instances', list: INSTANCES },
  { at: /^\/instances\/([^/]+)/, path: 'instances/$1' },
  { at: /^\/feature-flags(?:\/new|\/switch\/[^/]+)?$/, path: 'feature-flags', list: FLAGS },
  { at: /^\/feature-flags\/([^/]+)/, path: 'feature-flags/$1' },
  {
    at: new RegExp(`^${ACCOUNTS}/([^/]+)/tokens/new$`),
    path: 'service-accounts/$1/tokens',
    body: ({ name, scopes }) => ({
      name: name || 'production',
      scopes: (scopes || 'read:customers').split(/[\s,]+/).filter(Boolean),
    }),
  },
  { at: new RegExp(`^${ACCOUNTS}(?:/new)?$`), path: 'service-accounts', list: SERVICE_ACCOUNTS },
  { at: new RegExp(`^${ACCOUNTS}/([^/]+)/tokens/([^/]+)`), path: 'service-accounts/$1/tokens/$2' },
  {
    at: new RegExp(`^${ACCOUNTS}/([^/]+)`),
    path: 'service-accounts/$1/tokens',
    list: TOKENS,
  },
  { at: /^\/integrations\/tokens/, path: 'tokens', list: ALL_TOKENS },
];

/** The request that a page's contents come from, or that its form makes. */
export function apiCallOf(pathname: string, search: Search): ApiCall {
  const page = PAGES.find(({ at }) => at.test(pathname));
  if (!page) return { method: 'GET', path: '/me' };
  const path = `/${page.path.replace(/\$(\d)/g, (_, index) => page.at.exec(pathname)![Number(index)]!)}`;
  if (page.body) return { method: 'POST', path, body: page.body(search) };
  const asked = Object.entries(page.list?.(search) ?? {}).filter((one): one is [string, string] => Boolean(one[1]));
  const query = new URLSearchParams(asked).toString();
  return { method: 'GET', path: path + (query && `?${query}`) };
}

/** What an application asks of a flag for one of its users. */
export const evaluationOf = (slug: string): ApiCall => ({
  method: 'POST',
  path: `/ofrep/v1/evaluate/flags/${encodeURIComponent(slug)}`,
  body: { context: { targetingKey: 'user-123' } },
});

/**
 * A command line that makes the request. The token is in the environment: a shell keeps what is typed.
 *
 * @param apiUrl the session's.
 */
export function curlOf({ method, path, body }: ApiCall, apiUrl: string): string {
  const sent = body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body))}`];
  return [
    // What a browser leaves alone in an address may mean something to a shell.
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${`${apiUrl}${path}`.replaceAll("'", '%27')}'`,
    '-H "Authorization: Bearer $KAITEN_TOKEN"',
    ...sent,
  ].join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

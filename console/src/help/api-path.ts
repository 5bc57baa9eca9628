/** The request that a page's contents come from, as a path of the API; the search and order of a list included. */
export function apiPathOf(pathname: string, search: Readonly<Record<string, string>>): string {
  const [first = '', second, third, fourth] = pathname.split('/').filter(Boolean);
  const path =
    first === 'integrations'
      ? integrations(second, third, fourth)
      : first === 'account'
        ? 'session'
        : plain(first, second);
  const isList = ['customers', 'instances', 'service-accounts', 'tokens'].includes(path) || path.endsWith('/tokens');
  const asked = isList ? Object.entries(search).filter(([key]) => key !== 'help') : [];
  const query = new URLSearchParams(asked.map(([key, value]) => [key, value])).toString();
  return `/api/${path}${query && `?${query}`}`;
}

const plain = (first: string, second: string | undefined): string =>
  first === '' ? 'me' : second && second !== 'new' ? `${first}/${second}` : first;

function integrations(kind = 'service-accounts', account?: string, below?: string): string {
  if (kind === 'tokens') return 'tokens';
  if (!account || account === 'new') return 'service-accounts';
  return below === 'tokens' ? `service-accounts/${account}/tokens` : `service-accounts/${account}`;
}

/** A command line that makes the request. The token is in the environment: a shell keeps what is typed. */
export function curlOf(path: string): string {
  const address = `${location.origin}${path}`;
  // What a browser leaves alone in an address may mean something to a shell.
  return `curl '${address.replaceAll("'", '%27')}' \\\n  -H "Authorization: Bearer $KAITEN_TOKEN"`;
}

/** What stands behind the `?` of an address: texts, never anything read as JSON, so that `?q=007` looks for 007. */
export type Search = Readonly<Record<string, string>>;

export const parseSearch = (search: string): Search => Object.fromEntries(new URLSearchParams(search));

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(search).filter(([, value]) => typeof value === 'string' && value !== '');
  const text = new URLSearchParams(entries as [string, string][]).toString();
  // A comma and a colon mean nothing there; addresses with scopes are read by people.
  return text && `?${text.replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
}

let secret = taken();

/** What stood behind the # of a sign-in link, once. */
export function takeSecret(): string | undefined {
  const value = secret ?? taken();
  secret = undefined;
  return value;
}

function taken(): string | undefined {
  if (location.pathname !== '/sign-in') return undefined;
  const value = location.hash.slice(1);
  if (value) history.replaceState(history.state, '', location.pathname + location.search);
  return value || undefined;
}

/**
 * Whether a request's If-None-Match names the tag. Compared weakly, as RFC 9110, section 13.1.2, has it, which proxies that compress
 * make use of; and without quotes too, which some clients of the protocol leave out.
 *
 * @param tag weak, as it is sent; none of ours has a comma, so lists can be taken apart there.
 */
export function namesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header === tag) return true;
  const opaque = tag.slice('W/"'.length, -1);
  return header.split(',').some((part) => {
    const named = part.trim();
    return named === '*' || named.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') === opaque;
  });
}

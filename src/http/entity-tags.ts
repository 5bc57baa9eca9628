/** An entity tag (RFC 9110, 8.8.3) for a version. */
export const entityTag = (version: string): string => `"${version}"`;

/**
 * Whether a request with this If-Match may go on. Tags are compared strongly (RFC 9110, 13.1.1): a weak one is none of them.
 *
 * @param header undefined where there is none, which asks for nothing. @param current of what is there.
 */
export function satisfiesIfMatch(header: string | undefined, current: string): boolean {
  if (header === undefined || header.trim() === '*') return true;
  return [...header.matchAll(/(W\/)?("[^"]*")/g)].some(([, weak, tag]) => weak === undefined && tag === current);
}

/** An entity tag (RFC 9110, 8.8.3) for a version. */
export const entityTag = (version: string): string => `"${version}"`;

/** A resource of which another version comes with each change. */
interface Versioned {
  readonly id: string;
  readonly version: string;
}

/** The row that a request with this If-Match changes: of the version that satisfied it, or of whatever version. For `updateRow`. */
export const heldBy = (header: string | undefined, { id, version }: Versioned): { id: string; version?: string } =>
  header === undefined || header.trim() === '*' ? { id } : { id, version };

/**
 * Whether a request with this If-Match may go on. Tags are compared strongly (RFC 9110, 13.1.1): a weak one is none of them.
 *
 * @param header undefined where there is none, which asks for nothing. @param current of what is there.
 */
export function satisfiesIfMatch(header: string | undefined, current: string): boolean {
  if (header === undefined || header.trim() === '*') return true;
  return [...header.matchAll(/(W\/)?("[^"]*")/g)].some(([, weak, tag]) => weak === undefined && tag === current);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a UUID of any version in its usual notation (RFC 9562). */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}

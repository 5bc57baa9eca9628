/** Any character that makes a URL worth a closer look: an escape, or a byte outside of ASCII, which Node passes as Latin-1. */
const SUSPICIOUS = /[%\u0080-\uffff]/;

/**
 * A request's URL with every character outside of ASCII escaped, or undefined when it is no UTF-8, has a broken escape or a NUL:
 * Node's parsers would turn those into U+FFFD, and two different names into one.
 */
export function normalizeUrl(url: string): string | undefined {
  if (!SUSPICIOUS.test(url)) return url;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(url, 'latin1'));
    if (decodeURIComponent(text).includes('\0')) return undefined;
    return text.replace(/[^\u0000-\u007f]+/gu, encodeURIComponent);
  } catch {
    return undefined;
  }
}

/** What is left of a header's name that speaks of whom a request is from, once case and separators are taken out of it. */
const SPEAKS_OF_CLIENT = /forwarded|(?:real|client|remote|connecting)(?:ip|addr)/;

/**
 * Names of the headers that claim to say where a request is from, in lower case and in any spelling, as often as they arrived. One of them
 * is believed, and only from a gateway (`clientAddress`); that the others arrive tells whoever sent them that the gateway lets them through.
 *
 * @param rawHeaders names and values in turns, as Node has them.
 */
export function forwardingHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase())
    .filter((name) => SPEAKS_OF_CLIENT.test(name.replace(/[^a-z0-9]/g, '')));
}

import type { IncomingMessage } from 'node:http';

/** RFC 9110, section 10.1.1: the client keeps its body until it is asked for it. */
export function waitsToContinue({ headers: { expect }, httpVersion }: IncomingMessage): boolean {
  return expect !== undefined && httpVersion === '1.1' && expect.toLowerCase() === '100-continue';
}

import type { ServerResponse } from 'node:http';

/** How long an answer may wait for others, in milliseconds. */
const LONGEST_WAIT = 1;

const waiting: { readonly response: ServerResponse; readonly body: Buffer | string | undefined }[] = [];
let since = 0;

/**
 * Ends a response together with those that are ready in the same turn of the event loop, at its end. A client, or a gateway, that sleeps is
 * woken by the first bytes that arrive, which costs the server more than sending them; the ones right behind them find it awake.
 */
export function endTogether(response: ServerResponse, body?: Buffer | string): void {
  const now = performance.now();
  if (waiting.length === 0) {
    since = now;
    setImmediate(endAll);
  }
  waiting.push({ response, body });
  if (now - since > LONGEST_WAIT) endAll();
}

function endAll(): void {
  for (const { response, body } of waiting.splice(0)) response.end(body);
}

import type { IncomingMessage } from 'node:http';
import type { Networks } from './networks.js';
import { normalizeAddress } from './networks.js';

/** What an address is taken from. */
export type Arrival = Pick<IncomingMessage, 'socket' | 'rawHeaders'>;

/**
 * Where a request comes from: the address at the other end of its socket or, when that is a trusted gateway's, the last address of
 * `X-Forwarded-For` that is not. Each gateway appends whom it was called by, so what stands further to the left is the client's own word. Nothing
 * else that a client could send is looked at, in no spelling.
 *
 * @returns the address in its normal form; undefined when it cannot be told, and then it is in no network.
 */
export function clientAddress({ socket, rawHeaders }: Arrival, trusted: Networks): string | undefined {
  const peer = normalizeAddress(socket.remoteAddress);
  if (trusted.isEmpty || !trusted.contains(peer)) return peer;
  let address = peer;
  for (const hop of forwardedFor(rawHeaders).reverse()) {
    address = normalizeAddress(hop.trim());
    if (address === undefined || !trusted.contains(address)) break;
  }
  return address;
}

/** Names and values alternate in `rawHeaders`. Several headers of the name are one list. */
function forwardedFor(rawHeaders: readonly string[]): string[] {
  const hops: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === 'x-forwarded-for') hops.push(...rawHeaders[i + 1]!.split(','));
  }
  return hops;
}

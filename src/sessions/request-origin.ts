import type { IncomingMessage } from 'node:http';
import type { Env } from '../config/env.js';

/** Who had the browser send a request: the console itself, somebody else, or nobody who says so. */
export type RequestOrigin = 'console' | 'elsewhere' | 'unknown';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Origins at which the console is reached. Where it is at a loopback name, it is at all of them. */
export function consoleOrigins({ publicUrl }: Pick<Env, 'publicUrl'>): ReadonlySet<string> {
  const url = new URL(publicUrl);
  const names = LOOPBACK.includes(url.hostname) ? LOOPBACK : [url.hostname];
  return new Set(
    names.map((name) => {
      url.hostname = name;
      return url.origin;
    }),
  );
}

/**
 * Judges by what browsers say and pages cannot change: Origin (RFC 6454) and Sec-Fetch-Site (Fetch Metadata). Both must be the console's where they
 * are sent. The Host header is not asked: whoever has a name resolve to this server (DNS rebinding) has it say what he likes, and his pages have
 * another origin than PUBLIC_URL all the same, and no cookie of ours.
 */
export function originOf({ headers }: IncomingMessage, origins: ReadonlySet<string>): RequestOrigin {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined && site === undefined) return 'unknown';
  if (origin !== undefined && !origins.has(origin)) return 'elsewhere';
  return site === undefined || site === 'same-origin' ? 'console' : 'elsewhere';
}

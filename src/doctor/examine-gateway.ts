import { probeAddresses } from './address-probes.js';
import {
  probeBadTokens,
  probeForgedPrincipals,
  probeReplay,
  probeToken,
  probeTokenAgain,
  probeTwoCredentials,
} from './credential-probes.js';
import { probeDirect } from './direct-probes.js';
import { Endpoint } from './endpoint.js';
import { probePaths } from './path-probes.js';
import type { Examination, Result } from './probe.js';
import { bearer, readMe } from './probe.js';

export interface Subject {
  /** Where clients ask: http or https. */
  readonly url: string;
  /** The server itself, when it should be tried around the gateway. */
  readonly directUrl?: string;
  /** A token that works; it is only ever sent to these two. */
  readonly token: string;
}

const PROBES = [
  probeToken,
  probeBadTokens,
  probeForgedPrincipals,
  probeReplay,
  probeTwoCredentials,
  probeAddresses,
  probePaths,
  probeTokenAgain,
  probeDirect,
];

/**
 * Examines a gateway from outside, as an attacker with one token would. Reads `GET /api/me` and changes nothing, so that it may be done where people work.
 *
 * @throws Unreachable when the gateway is.
 */
export async function examineGateway({ url, directUrl, token }: Subject): Promise<readonly Result[]> {
  const gateway = new Endpoint(url);
  const me = readMe(await gateway.ask({ headers: [bearer(token)] }));
  const direct = directUrl === undefined ? undefined : new Endpoint(directUrl);
  const examination: Examination = { gateway, direct, token, me };
  const results: Result[] = [];
  // One after the other: a gateway that limits requests would be misread.
  for (const probe of PROBES) results.push(...(await probe(examination)));
  return results;
}

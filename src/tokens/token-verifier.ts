import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Arrival } from '../network/client-address.js';
import { clientAddress } from '../network/client-address.js';
import type { Soon } from '../soon.js';
import { then } from '../soon.js';
import { TokenCache } from './token-cache.js';
import type { Known } from './token-cache.js';
import { hashToken, isSameToken, isTokenShaped } from './token-format.js';
import type { Refusal, TokenRecord } from './token-record.js';
import { refusalOf } from './token-record.js';
import { TokenUses } from './token-uses.js';

/** The token's record when it may be used, or why not. */
export type Verdict = TokenRecord | Refusal;

/** The token of a connection's last request. It goes with the connection. */
interface Presented {
  token: string;
  hash: string;
}

/** Decides whether a token may be used for a request: the one place that does, for the API and for gateways. */
@Injectable()
export class TokenVerifier {
  private readonly last = new WeakMap<Arrival['socket'], Presented>();

  constructor(
    private readonly cache: TokenCache,
    private readonly uses: TokenUses,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * @param token what was presented; what has not a token's form or checksum costs no look-up.
   * @returns at once what is in memory. The promise rejects when the token cannot be looked up now: an outage is no refusal.
   */
  verify(token: string, arrival: Arrival): Soon<Verdict> {
    const hash = this.hashOf(token, arrival);
    return hash === undefined ? 'malformed' : then(this.cache.find(hash), (known) => this.use(known, arrival));
  }

  /** The same for a token that is known by its hash only. It is no use of the token: that was when its principal was asked for. */
  verifyHash(hash: string, arrival: Arrival): Soon<Verdict> {
    return then(this.cache.find(hash), (known) => this.judge(known, arrival, Date.now()));
  }

  /**
   * A client keeps to a connection and a token, and to compare it takes a part of the time that the checksum and the hash do.
   *
   * @returns undefined when it is no token.
   */
  private hashOf(token: string, { socket }: Arrival): string | undefined {
    const last = this.last.get(socket);
    if (last !== undefined && isSameToken(last.token, token)) return last.hash;
    if (!isTokenShaped(token)) return undefined;
    const hash = hashToken(token);
    if (last === undefined) this.last.set(socket, { token, hash });
    else Object.assign(last, { token, hash });
    return hash;
  }

  private use(known: Known, arrival: Arrival): Verdict {
    const now = Date.now();
    const verdict = this.judge(known, arrival, now);
    if (typeof verdict !== 'string') this.uses.note(verdict, now, () => this.addressOf(arrival));
    return verdict;
  }

  private judge(known: Known, arrival: Arrival, now: number): Verdict {
    if (typeof known === 'string') return known;
    return refusalOf(known, now, () => this.addressOf(arrival)) ?? known;
  }

  private addressOf(arrival: Arrival): string | undefined {
    return clientAddress(arrival, this.env.gatewayNetworks);
  }
}

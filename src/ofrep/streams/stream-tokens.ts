import type { Notifications } from '../../database/notifications.js';
import { allows } from '../../auth/scopes.js';
import type { Arrival } from '../../network/client-address.js';
import type { TokenRecord } from '../../tokens/token-record.js';
import type { TokenVerifier, Verdict } from '../../tokens/token-verifier.js';
import type { ClientStream } from './client-stream.js';
import type { StreamHub } from './stream-hub.js';

/** Channel of the triggers on everything that a token's record is made of: a hash in hexadecimal digits, or `all`. */
const CHANNEL = 'kaiten_tokens';

/** Sees to it that no stream outlives the right of its token to evaluate flags. */
export class StreamTokens {
  private readonly expiries = new Map<ClientStream, NodeJS.Timeout>();

  /**
   * @param notifications which the verifier listens to as well, and before: it asks anew when it is asked here.
   * @param every milliseconds between two rechecks of all streams.
   */
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly hub: StreamHub<ClientStream>,
    notifications: Notifications,
    private readonly every: number,
  ) {
    const recheckAll = (): void => this.recheck(hub.streams());
    notifications.subscribe({
      channel: CHANNEL,
      onNotification: (payload) =>
        payload === 'all' ? recheckAll() : this.recheck(hub.ofToken(Buffer.from(payload, 'hex').toString('latin1'))),
      onConnected: recheckAll,
    });
  }

  /** @returns the token's record where it may be used to evaluate flags. Rejects when that cannot be told now. */
  async verify(tokenHash: string, arrival: Arrival): Promise<TokenRecord | undefined> {
    return allowed(await this.verifier.verifyHash(tokenHash, arrival));
  }

  /** Ends those whose token may no longer be used. Where that cannot be told now, nobody is put out: an outage is no refusal. */
  recheck(streams: readonly ClientStream[]): void {
    for (const stream of streams) {
      const verdict = this.verifier.verifyHash(stream.tokenHash, stream.arrival);
      if (verdict instanceof Promise)
        verdict.then(
          (decided) => this.judge(stream, decided),
          () => undefined,
        );
      else this.judge(stream, verdict);
    }
  }

  forget(stream: ClientStream): void {
    clearTimeout(this.expiries.get(stream));
    this.expiries.delete(stream);
  }

  private judge(stream: ClientStream, verdict: Verdict): void {
    if (!this.hub.includes(stream)) return;
    const record = allowed(verdict);
    if (!record) return this.hub.end(stream);
    stream.record = record;
    this.watchExpiry(stream);
  }

  /** Has it judged again at the moment of its expiry, where that comes before everybody's next turn. */
  private watchExpiry(stream: ClientStream): void {
    this.forget(stream);
    const left = stream.record.expiresAt - Date.now();
    if (left > this.every) return;
    // A timer may be early by a millisecond.
    this.expiries.set(stream, setTimeout(() => this.recheck([stream]), left + 1).unref());
  }
}

const allowed = (verdict: Verdict): TokenRecord | undefined =>
  typeof verdict !== 'string' && allows(verdict.scopes, 'read:feature_flags') ? verdict : undefined;

import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

interface Rate {
  /** Attempts that may come at once. */
  readonly burst: number;
  /** Seconds after which there may be one more. */
  readonly interval: number;
}

/** Failed attempts from one address; and from all of them together, so that many addresses do not keep the database busy. */
const PER_ADDRESS: Rate = { burst: 10, interval: 6 };
const TOGETHER: Rate = { burst: 100, interval: 0.1 };

/** Addresses that are remembered; those that have tried least recently are forgotten, which the limit for all together makes up for. */
const MOST_ADDRESSES = 10_000;

/** Attempts that are left, as a number that grows with time. */
class Bucket {
  private level: number;
  private at: number;

  constructor(
    private readonly rate: Rate,
    now: number,
  ) {
    this.level = rate.burst;
    this.at = now;
  }

  /** @returns seconds until there is an attempt; 0 when there is one. */
  wait(now: number): number {
    this.level = Math.min(this.rate.burst, this.level + (now - this.at) / this.rate.interval);
    this.at = now;
    return this.level >= 1 ? 0 : (1 - this.level) * this.rate.interval;
  }

  add(attempts: number): void {
    this.level += attempts;
  }
}

/**
 * Limits how many sign-ins fail. An attempt counts while it is under way, and no longer when it has succeeded. It protects the database: the secrets
 * themselves have too many bits to be guessed.
 */
export class SignInThrottle {
  private readonly addresses = new LRUCache<string, Bucket>({ max: MOST_ADDRESSES });
  private together: Bucket | undefined;

  /**
   * Takes an attempt.
   *
   * @param address in its normal form; all whose address is not known are one.
   * @param now seconds on a clock that never goes back.
   * @returns 0, or after how many whole seconds to try again.
   */
  take(address: string | undefined, now = performance.now() / 1000): number {
    const key = keyOf(address);
    let own = this.addresses.get(key);
    if (!own) this.addresses.set(key, (own = new Bucket(PER_ADDRESS, now)));
    const together = (this.together ??= new Bucket(TOGETHER, now));
    const wait = own.wait(now) || together.wait(now);
    if (wait > 0) return Math.ceil(wait);
    own.add(-1);
    together.add(-1);
    return 0;
  }

  /** Gives an attempt back, since it has succeeded. */
  giveBack(address: string | undefined): void {
    this.addresses.get(keyOf(address))?.add(1);
    this.together?.add(1);
  }
}

/** Of IPv6 the first 64 bits: whoever has one address there has all of them. */
function keyOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.IPv6.isValid(address)) return address ?? 'unknown';
  return ipaddr.IPv6.parse(address).parts.slice(0, 4).join(':');
}

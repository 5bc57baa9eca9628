import type { DateShares } from '../../flag-evaluation/rollout.js';

/** How often clients are told while a rollout is under way, whose share changes all the time, in milliseconds. */
const CHANGES_EVERY = 60_000;

/**
 * The first moment after `from`, and not after `to`, at which one of the rollouts may have changed somebody's answer without anybody writing: at
 * its start, at its end, and every full minute in between. All in milliseconds since the epoch.
 */
export function nextTimedChange(rollouts: readonly DateShares[], from: number, to: number): number | undefined {
  let next = Infinity;
  const minute = (Math.floor(from / CHANGES_EVERY) + 1) * CHANGES_EVERY;
  for (const { startsAt, endsAt } of rollouts) {
    for (const moment of [startsAt, endsAt]) if (moment > from) next = Math.min(next, moment);
    if (startsAt < minute && minute < endsAt) next = Math.min(next, minute);
  }
  return next <= to ? next : undefined;
}

interface Options {
  /** The organization's date rollouts, or none where they cannot be read now. */
  readonly rolloutsOf: (organizationId: string) => Promise<readonly DateShares[]>;
  /** Has the organization's streams told. */
  readonly tell: (organizationId: string) => void;
  /** How far it looks ahead, in milliseconds: `watch` is called again within that time for every organization that has streams. */
  readonly ahead: number;
}

/** Has streams told when a date rollout has gone on. */
export class TimedNews {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private hasStopped = false;

  constructor(private readonly options: Options) {}

  /** Looks ahead for the organization, unless a moment is being waited for already. */
  async watch(organizationId: string): Promise<void> {
    if (this.timers.has(organizationId)) return;
    const rollouts = await this.options.rolloutsOf(organizationId);
    const now = Date.now();
    const next = nextTimedChange(rollouts, now, now + this.options.ahead);
    if (next === undefined || this.timers.has(organizationId) || this.hasStopped) return;
    const onTime = (): void => {
      this.timers.delete(organizationId);
      this.options.tell(organizationId);
    };
    // A timer may be early by a millisecond.
    this.timers.set(organizationId, setTimeout(onTime, next - now + 1).unref());
  }

  stop(): void {
    this.hasStopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}

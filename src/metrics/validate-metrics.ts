import type { Logger } from 'pino';
import { Timings } from './timings.js';

/** Why a credential was refused. The client is not told; whoever runs the server is. */
export const REFUSALS = ['missing', 'malformed', 'unknown', 'revoked', 'expired', 'network'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What a request for validation ended as: allowed, refused for a reason, or 503 because nobody could tell. */
export type Outcome = 'allowed' | Refusal | 'undecidable';

const OUTCOMES: readonly Outcome[] = ['allowed', ...REFUSALS, 'undecidable'];

/** From what a hit in memory takes to what a database takes that is about to be given up, in seconds. */
const BOUNDS = [0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** The least time between two lines of the log, in milliseconds. */
const SUMMARY_INTERVAL = 1_000;

/**
 * Counts what `/api/tokens/validate` answers. A line in the log for each answer would be most of what an answer costs, and whoever sends
 * wrong tokens would decide how much is written; so there is at most one a second, and only while something is not allowed.
 */
export class ValidateMetrics {
  /** How often each outcome occurred since the start. */
  readonly counts = emptyCounts();
  readonly latency = new Timings(BOUNDS);
  /** What the log has been told of. */
  private told = emptyCounts();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly logger: Logger) {}

  /** @param startedAt what `performance.now()` said when the request arrived; so for all of them. */
  allowed(startedAt: number): void {
    this.counts.allowed += 1;
    this.took(startedAt);
  }

  refused(startedAt: number, cause: Refusal): void {
    this.counts[cause] += 1;
    this.took(startedAt);
    this.timer ??= this.startTimer();
  }

  undecidable(startedAt: number): void {
    this.counts.undecidable += 1;
    this.took(startedAt);
    this.timer ??= this.startTimer();
  }

  /** Writes what the log has not been told of; to be called before the process ends. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const fresh = OUTCOMES.map((outcome) => [outcome, this.counts[outcome] - this.told[outcome]] as const).filter(
      ([outcome, count]) => outcome !== 'allowed' && count > 0,
    );
    this.told = { ...this.counts };
    if (fresh.length > 0) this.logger.warn({ msg: 'validate refused', ...Object.fromEntries(fresh) });
  }

  private took(startedAt: number): void {
    this.latency.observe((performance.now() - startedAt) / 1000);
  }

  private startTimer(): NodeJS.Timeout {
    return setTimeout(() => this.flush(), SUMMARY_INTERVAL).unref();
  }
}

function emptyCounts(): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

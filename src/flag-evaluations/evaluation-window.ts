import type { ProblemDetail } from '../http/problem.js';
import { validationFailed } from '../http/problem.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** How long counts are kept, in milliseconds. */
export const RETENTION = 30 * DAY;

/** The steps in which evaluations are counted, in seconds; what is asked for is a multiple of it. */
export const SHORTEST_STEP = 300;
export const LONGEST_STEP = 86_400;

/** Steps of one answer. */
export const MOST_STEPS = 1_000;

/** What to choose from where nobody has said, and how many steps are enough for a chart. */
const USUAL_STEPS = [300, 900, 3_600, 21_600, 86_400];
const ENOUGH_STEPS = 300;

/** What was asked for. `step` is in seconds. */
export interface WantedWindow {
  readonly from?: Date;
  readonly to?: Date;
  readonly step?: number;
}

/** A span of time cut into whole steps, which begin at multiples of their length since 1970. */
export interface EvaluationWindow {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** In seconds. */
  readonly step: number;
  readonly steps: number;
}

/**
 * The steps that what was asked for touches. What lies before the oldest count, or ahead, is left out. The last day, unless said otherwise.
 *
 * @throws Problem 422 for a span without counts, and for more steps than an answer may have.
 */
export function evaluationWindow(wanted: WantedWindow, now: Date): EvaluationWindow {
  const oldest = now.getTime() - RETENTION;
  const wantedTo = wanted.to ?? now;
  const wantedFrom = wanted.from ?? new Date(Math.min(wantedTo.getTime(), now.getTime()) - DAY);
  const errors: ProblemDetail[] = [];
  if (wanted.step !== undefined && wanted.step % SHORTEST_STEP !== 0) {
    errors.push({ location: 'query.step', message: `must be a multiple of ${SHORTEST_STEP}`, value: wanted.step });
  }
  if (wantedTo.getTime() <= oldest) {
    errors.push({ location: 'query.to', message: 'must be within the last 30 days', value: iso(wantedTo) });
  } else if (wantedFrom >= now) {
    errors.push({ location: 'query.from', message: 'must be in the past', value: iso(wantedFrom) });
  } else if (wantedFrom >= wantedTo) {
    errors.push({ location: 'query.from', message: 'must be before `to`', value: iso(wantedFrom) });
  }
  if (errors.length > 0) throw validationFailed(errors);

  const from = Math.max(wantedFrom.getTime(), oldest);
  const to = Math.min(wantedTo.getTime(), now.getTime());
  const step = wanted.step ?? USUAL_STEPS.find((usual) => stepsOf(from, to, usual) <= ENOUGH_STEPS)!;
  const steps = stepsOf(from, to, step);
  if (steps > MOST_STEPS) {
    const message = `must be longer: between \`from\` and \`to\` there are ${steps} steps, and ${MOST_STEPS} at most are answered`;
    throw validationFailed([{ location: 'query.step', message, value: step }]);
  }
  const begin = Math.floor(from / (step * SECOND)) * step * SECOND;
  return { from: new Date(begin), to: new Date(begin + steps * step * SECOND), step, steps };
}

/** Times in milliseconds, the step in seconds. */
function stepsOf(from: number, to: number, step: number): number {
  return Math.ceil(to / (step * SECOND)) - Math.floor(from / (step * SECOND));
}

const iso = (time: Date): string => time.toISOString();

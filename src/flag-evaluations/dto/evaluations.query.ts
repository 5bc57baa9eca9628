import { QueryInteger, Timestamp } from '../../http/fields.js';
import { LONGEST_STEP, MOST_STEPS, SHORTEST_STEP } from '../evaluation-window.js';

export class EvaluationsQuery {
  @Timestamp({
    optional: true,
    description: 'A day before `to` unless given. Counts are kept for 30 days; what lies before them is left out.',
    // Any would be too long ago some day.
    example: undefined,
  })
  from?: Date;

  @Timestamp({ optional: true, description: 'Now unless given, and at the latest.', example: undefined })
  to?: Date;

  @QueryInteger(SHORTEST_STEP, LONGEST_STEP, {
    description:
      `Length of a step in seconds, a multiple of ${SHORTEST_STEP}; chosen by the length of the time unless given. ` +
      `Steps begin at multiples of it since 1970 in UTC. There are ${MOST_STEPS} at most.`,
    example: 3_600,
  })
  step?: number;
}

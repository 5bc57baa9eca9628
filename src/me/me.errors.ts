import { Problem } from '../http/problem.js';

/** A person asks. */
export const noToken = (): Problem =>
  new Problem(404, 'Me.NoToken', 'it is a session that asks, and not a token; DELETE /api/session ends it');

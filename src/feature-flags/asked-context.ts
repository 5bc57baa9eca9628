import { DEEPEST_CONTEXT, isDeeper } from '../flag-evaluation/context-limits.js';
import type { JsonObject } from '../http/json.js';
import { validationFailed } from '../http/problem.js';

/** For whom a request asks, of those that ask about evaluations. */
interface AskedContext {
  readonly context?: JsonObject;
  readonly targetingKey?: string;
}

/**
 * The context as an application would send it, without what is the server's.
 *
 * @throws Problem 422 for one that no evaluation takes.
 */
export function contextOf({ context = {}, targetingKey }: AskedContext): JsonObject & { targetingKey?: string } {
  if (isDeeper(context, DEEPEST_CONTEXT)) {
    const message = `must not be nested more than ${DEEPEST_CONTEXT} deep`;
    throw validationFailed([{ location: 'body.context', message }]);
  }
  const { __kaiten: _, ...own } = context;
  if (targetingKey !== undefined) return { ...own, targetingKey };
  const { targetingKey: value } = own;
  if (value === undefined || typeof value === 'string') return own as JsonObject & { targetingKey?: string };
  throw validationFailed([{ location: 'body.context.targetingKey', message: 'must be a string', value }]);
}

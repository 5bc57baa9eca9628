import type { Logger } from 'pino';
import type { CompiledTargeting } from '../flag-evaluation/compiled-flag.js';
import type { EvaluationRequest } from '../flag-evaluation/evaluation.js';

/** Logs an error that no rule can be blamed for, without its message, which could quote the context. */
export function logUnexpected(logger: Logger, error: unknown, at: { flagId?: string; targeting?: string } = {}): void {
  const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined };
  const frames = stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  logger.error({ ...at, error: name, frames }, 'A targeting rule failed in a way that no rule should');
}

/** What evaluations tell of such errors, logged once for each compiled rule. */
export function unexpectedToLog(logger: Logger): NonNullable<EvaluationRequest['onUnexpected']> {
  const reported = new WeakSet<CompiledTargeting>();
  return (error, targeting, { definition }) => {
    if (reported.has(targeting)) return;
    reported.add(targeting);
    logUnexpected(logger, error, { flagId: definition.id, targeting: targeting.name });
  };
}

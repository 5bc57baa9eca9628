import { isDatabaseUnavailable } from '../database/database-errors.js';
import type { ProblemDetail } from '../http/problem.js';
import { Problem } from '../http/problem.js';

export const FAILED = 1;
export const USAGE = 2;

/** Something that the operator can mend; the message says how. */
export class Failure extends Error {}

/** What is printed of an error, and the exit code: bad input is the caller's (2), everything else is not (1). */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof Problem) return explainProblem(error);
  if (isDatabaseUnavailable(error)) {
    return { message: `the database cannot be used: ${reasonOf(error)}`, exitCode: FAILED };
  }
  return { message: reasonOf(error), exitCode: FAILED };
}

/** 400 and 422 are the statuses of input that does not fit. */
function explainProblem({ status, detail, extras }: Problem): { message: string; exitCode: number } {
  const badInput = status === 400 || status === 422;
  const lines = (extras.errors ?? []).map(
    ({ location, message, value }) => `  ${optionOf(location)}${shown(value)}: ${message}`,
  );
  // The detail of a 422 speaks of a request; the options that follow say all there is to say.
  const first = status === 422 ? 'some options do not fit:' : detail;
  return { message: [first, ...lines].join('\n'), exitCode: badInput ? USAGE : FAILED };
}

/** Fields with lists, whose options are repeated. */
const REPEATED: Readonly<Record<string, string>> = {
  scopes: 'scope',
  allowedCidrs: 'allowedCidr',
  requiredCidrs: 'requiredCidr',
};

/** `body.expiresAt` is `--expires-at`, and `body.scopes[1]` one of the `--scope`. */
function optionOf(location: ProblemDetail['location']): string {
  const field = location.replace(/^body\./, '').replace(/\[\d+\]$/, '');
  return `--${(REPEATED[field] ?? field).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const shown = (value: unknown): string => (typeof value === 'string' ? ` ${JSON.stringify(value.slice(0, 100))}` : '');

/** A connection that was tried at several addresses fails with one error for each, and no words of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

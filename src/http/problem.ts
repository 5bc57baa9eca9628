import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';

/** One thing that is wrong with the input. `location` is a dotted path with its part in front: `body.items[3].name`, `query.limit`. */
export interface ProblemDetail {
  readonly location: string;
  readonly message: string;
  readonly value?: unknown;
}

export interface ProblemExtras {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly errorId?: string;
  readonly cause?: unknown;
}

/** An answer that is not a success, as RFC 9457 has it. `code` is stable; `detail` is for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, { cause: extras.cause });
  }
}

/** 422: the input does not fit the schema. */
export const validationFailed = (errors: readonly ProblemDetail[]): Problem =>
  new Problem(422, 'VALIDATION_FAILED', 'the request does not fit its schema', { errors });

/** 400: the input could not be read at all. */
export const malformed = (detail: string, errors?: readonly ProblemDetail[]): Problem =>
  new Problem(400, 'BAD_REQUEST', detail, { errors });

/** 503: whether the request can be granted is not known now. */
export const unavailable = (cause?: unknown): Problem =>
  new Problem(503, 'UNAVAILABLE', 'the database cannot be reached, try again', {
    headers: { 'Retry-After': '1' },
    cause,
  });

/** 503: the request met another one that changes the same, and has done nothing. */
export const gaveWay = (cause?: unknown): Problem =>
  new Problem(503, 'UNAVAILABLE', 'another request is changing the same and nothing has been done, try again', {
    headers: { 'Retry-After': '1' },
    cause,
  });

/** 503: the database has another version's schema. */
export const schemaBehind = (cause?: unknown): Problem =>
  new Problem(
    503,
    'SCHEMA_BEHIND',
    'the database is not migrated to the version of this server; run: npm run -s kaiten -- migrate',
    {
      headers: { 'Retry-After': '5' },
      cause,
    },
  );

/** 500: what nobody foresaw. The log has the cause under the id. */
export const internalError = (errorId: string, cause?: unknown): Problem =>
  new Problem(500, 'INTERNAL', 'something went wrong; the log knows more under this errorId', { errorId, cause });

/** Section of RFC 9110 that defines a status: what `type` points to. */
const SECTIONS: Readonly<Record<number, string>> = {
  400: '15.5.1',
  401: '15.5.2',
  403: '15.5.4',
  404: '15.5.5',
  405: '15.5.6',
  409: '15.5.10',
  412: '15.5.13',
  413: '15.5.14',
  414: '15.5.15',
  415: '15.5.16',
  422: '15.5.21',
  500: '15.6.1',
  503: '15.6.4',
};

/** The longest piece of a client's input that an answer repeats. */
const LONGEST_ECHO = 200;

/** The most things that an answer says are wrong: a body may have a hundred thousand unknown keys. */
const MOST_ERRORS = 100;

/** The text with `ksh_...` for what may be a token that somebody has put where a slug belongs, as far as the next slash. */
export const withoutTokens = (text: string): string => text.replace(/ksh(?:_|%5f)[^/]*/gi, 'ksh_...');

/** The problem as RFC 9457's JSON. `instance` is the request's path, without its query, which may hold anything. */
export function problemBody({ status, code, detail, extras }: Problem, instance: string): object {
  const section = SECTIONS[status];
  return {
    type: section ? `https://www.rfc-editor.org/rfc/rfc9110#section-${section}` : 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: detail.toWellFormed(),
    instance: withoutTokens(instance).slice(0, 2048),
    code,
    errorId: extras.errorId,
    errors: extras.errors?.slice(0, MOST_ERRORS).map(({ location, message, value }) => ({
      location: location.toWellFormed(),
      message,
      value: echo(value),
    })),
  };
}

/** Writes the problem as the answer. */
export function sendProblem(response: ServerResponse, problem: Problem, instance: string): void {
  const body = JSON.stringify(problemBody(problem, instance));
  response.statusCode = problem.status;
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

/** The value of an error as far as it is shown: nothing for objects, the beginning of a long text. */
function echo(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, LONGEST_ECHO).toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : undefined;
}

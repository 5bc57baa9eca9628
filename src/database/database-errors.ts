import { QueryFailedError } from 'typeorm';

interface PostgresError {
  readonly code?: string;
  readonly constraint?: string;
}

function postgresError(error: unknown): PostgresError | undefined {
  if (error instanceof QueryFailedError) return error.driverError as PostgresError;
  // Not `instanceof Error`: where tests run, Node's own errors are of another realm.
  return typeof error === 'object' && error !== null ? error : undefined;
}

/** True when a unique constraint or index refused the row; `constraint` narrows it to one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const cause = postgresError(error);
  return cause?.code === '23505' && (constraint === undefined || cause.constraint === constraint);
}

/** True when a foreign key refused the row or its removal; `constraint` narrows it to one. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  const cause = postgresError(error);
  return cause?.code === '23503' && (constraint === undefined || cause.constraint === constraint);
}

/** Classes and codes of Appendix A of PostgreSQL's manual that say "not now" rather than "not like this". */
const UNAVAILABLE_CODE = /^(?:08|53|57P|25P03|57014|3D000|28)/;
const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EMFILE',
  'ENFILE',
]);
const UNAVAILABLE_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Connection ended|not queryable|pool after calling end|Query runner already released/i;

/** Serialization failures and deadlocks: PostgreSQL undid this transaction because of another one, and the same again may well succeed. */
const UNDONE_CODES = new Set(['40001', '40P01']);

/** True when the transaction gave way to another one: nothing of it has happened, and the request may be sent again. */
export function isUndoneForAnother(error: unknown): boolean {
  return UNDONE_CODES.has(postgresError(error)?.code ?? '');
}

/**
 * Undefined tables, functions and columns, and missing privileges: the schema is not the one of this version, because it is not
 * migrated yet, or already further on.
 */
const SCHEMA_CODES = new Set(['42P01', '42883', '42703', '42501']);

/** True when the schema is another than this version's. A row that a policy refuses has the code of a missing privilege as well. */
export function isSchemaMismatch(error: unknown): boolean {
  const cause = postgresError(error) as { code?: string; message?: string } | undefined;
  return SCHEMA_CODES.has(cause?.code ?? '') && !/row-level security/.test(cause?.message ?? '');
}

/** True when the database could not be reached or did not answer: the request is undecided, and may be sent again. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const cause = postgresError(error);
  if (!cause) return false;
  if (cause.code !== undefined && (UNAVAILABLE_CODE.test(cause.code) || UNAVAILABLE_SYSTEM_CODES.has(cause.code)))
    return true;
  return UNAVAILABLE_MESSAGE.test((cause as { message?: string }).message ?? '');
}

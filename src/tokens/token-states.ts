import type { Env } from '../config/env.js';
import type { RowSql } from '../lists/resource.js';
import type { Violation } from '../token-policy/token-policy.rules.js';
import { VIOLATION_SQL, VIOLATIONS } from '../token-policy/token-policy.rules.js';

/** What a token is: always one of these. A revoked one is no longer called expired. */
export const LIFE_STATES = ['active', 'expired', 'revoked'] as const;
export type LifeState = (typeof LIFE_STATES)[number];

/**
 * What else there is to say of an active token. `replaced` excludes the others, any number of which may hold at once: they are for those that
 * somebody has to do something about, and a token in its grace is on its way out already.
 */
export const TOKEN_FLAGS = ['expiring', 'idle', 'unused', 'replaced', 'violating'] as const;
export type TokenFlag = (typeof TOKEN_FLAGS)[number];

/** What lists of tokens can be narrowed to. That a token is `permanent` shows in it by itself: it has no expiry. */
export const TOKEN_STATES = [...LIFE_STATES, ...TOKEN_FLAGS, 'permanent'] as const;
export type TokenState = (typeof TOKEN_STATES)[number];

/** What is said of a token besides its columns. */
export interface Standing {
  readonly state: LifeState;
  readonly flags: TokenFlag[];
  /** Rules of today's policy that it breaks; null for none, or when it is not active or is replaced. */
  readonly violates: Violation[] | null;
}

/** The states as conditions, and the standing as expressions: SQL over a row of `tokens`, by the clock of the database. */
export interface TokenStateSql {
  readonly conditions: Readonly<Record<TokenState, RowSql>>;
  readonly standing: Readonly<Record<keyof Standing, RowSql>>;
}

const NOW = 'statement_timestamp()';

/** Words of those conditions that hold, in their order. */
const wordsOf = <T extends string>(words: readonly T[], condition: (word: T) => string): string =>
  `array_remove(ARRAY[${words.map((word) => `CASE WHEN ${condition(word)} THEN '${word}' END`).join(', ')}]::text[], NULL)`;

export function tokenStateSql(env: Pick<Env, 'tokenExpiringDays' | 'tokenIdleDays'>): TokenStateSql {
  const days = (count: number): string => `interval '${count * 24} hours'`;
  const active: RowSql = (t) => `(${t}.revoked_at IS NULL AND (${t}.expires_at IS NULL OR ${t}.expires_at > ${NOW}))`;
  const whileInUse =
    (condition: RowSql): RowSql =>
    (t) =>
      `(${active(t)} AND ${t}.replaced_at IS NULL AND ${condition(t)})`;
  const violations: RowSql = (t) => `(${VIOLATIONS.map((violation) => VIOLATION_SQL[violation](t)).join(' OR ')})`;
  const conditions: TokenStateSql['conditions'] = {
    active,
    expired: (t) => `(${t}.revoked_at IS NULL AND ${t}.expires_at <= ${NOW})`,
    revoked: (t) => `(${t}.revoked_at IS NOT NULL)`,
    expiring: whileInUse((t) => `${t}.expires_at <= ${NOW} + ${days(env.tokenExpiringDays)}`),
    idle: whileInUse((t) => `${t}.last_used_at <= ${NOW} - ${days(env.tokenIdleDays)}`),
    unused: whileInUse((t) => `${t}.last_used_at IS NULL`),
    replaced: (t) => `(${active(t)} AND ${t}.replaced_at IS NOT NULL)`,
    violating: whileInUse(violations),
    permanent: whileInUse((t) => `${t}.expires_at IS NULL`),
  };
  const standing: TokenStateSql['standing'] = {
    state: (t) =>
      `CASE WHEN ${conditions.revoked(t)} THEN 'revoked' WHEN ${conditions.expired(t)} THEN 'expired' ELSE 'active' END`,
    flags: (t) => wordsOf(TOKEN_FLAGS, (flag) => conditions[flag](t)),
    violates: (t) =>
      `CASE WHEN ${conditions.violating(t)} THEN ${wordsOf(VIOLATIONS, (violation) => VIOLATION_SQL[violation](t))} END`,
  };
  return { conditions, standing };
}

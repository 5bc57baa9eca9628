import type { Env } from '../config/env.js';
import type { RowSql } from '../lists/resource.js';
import type { Violation } from '../token-policy/token-policy.rules.js';
import { VIOLATION_SQL, VIOLATIONS } from '../token-policy/token-policy.rules.js';

/** What a token is: always one of these. A revoked one is no longer called expired. */
export const LIFE_STATES = ['active', 'expired', 'revoked'] as const;
export type LifeState = (typeof LIFE_STATES)[number];

/** What else there is to say of it: any number of these at once. All but `replaced` are said of active tokens only. */
export const TOKEN_FLAGS = ['expiring', 'idle', 'unused', 'replaced', 'violating'] as const;
export type TokenFlag = (typeof TOKEN_FLAGS)[number];

/** What lists of tokens can be narrowed to. */
export const TOKEN_STATES = [...LIFE_STATES, ...TOKEN_FLAGS] as const;
export type TokenState = (typeof TOKEN_STATES)[number];

/** What is said of a token besides its columns. */
export interface Standing {
  readonly state: LifeState;
  readonly flags: TokenFlag[];
  /** Rules of today's policy that an active token breaks; null for none. */
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
  const whileActive =
    (condition: RowSql): RowSql =>
    (t) =>
      `(${active(t)} AND ${condition(t)})`;
  const violations: RowSql = (t) => `(${VIOLATIONS.map((violation) => VIOLATION_SQL[violation](t)).join(' OR ')})`;
  const conditions: TokenStateSql['conditions'] = {
    active,
    expired: (t) => `(${t}.revoked_at IS NULL AND ${t}.expires_at <= ${NOW})`,
    revoked: (t) => `(${t}.revoked_at IS NOT NULL)`,
    expiring: whileActive((t) => `${t}.expires_at <= ${NOW} + ${days(env.tokenExpiringDays)}`),
    idle: whileActive((t) => `${t}.last_used_at <= ${NOW} - ${days(env.tokenIdleDays)}`),
    unused: whileActive((t) => `${t}.last_used_at IS NULL`),
    replaced: (t) => `(${t}.replaced_at IS NOT NULL)`,
    violating: whileActive(violations),
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

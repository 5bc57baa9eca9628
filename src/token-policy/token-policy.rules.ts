import type { RowSql } from '../lists/resource.js';
import { Networks, parseNetwork } from '../network/networks.js';
import { expiryRequired, lifetimeTooLong, networksNotWithin, networksRequired } from './token-policy.errors.js';
import type { TokenPolicy } from './token-policy.entity.js';

export type Rules = Pick<TokenPolicy, 'longestLifetimeDays' | 'expiryRequired' | 'requiredCidrs'>;

/** The rules where there is no policy. */
export const NO_RULES: Rules = { longestLifetimeDays: null, expiryRequired: false, requiredCidrs: null };

/** What a policy looks at. */
interface Judged {
  readonly expiresAt: Date | null;
  readonly allowedCidrs: readonly string[] | null;
  /** A successor has the networks of its predecessor, and nobody can give it others. */
  readonly areNetworksFixed?: boolean;
}

const DAY = 86_400_000;

/** @throws Problem 400 for the first rule that a token made at `createdAt` would break. */
export function assertWithinPolicy(rules: Rules, token: Judged, createdAt: Date): void {
  const { expiresAt, allowedCidrs, areNetworksFixed = false } = token;
  const latest = latestExpiry(rules, createdAt);
  if (expiresAt === null && rules.expiryRequired) throw expiryRequired();
  if (latest !== undefined && (expiresAt === null || expiresAt > latest)) {
    throw lifetimeTooLong(rules.longestLifetimeDays!, expiresAt ?? undefined);
  }
  if (rules.requiredCidrs === null) return;
  if (allowedCidrs === null) throw networksRequired(rules.requiredCidrs, areNetworksFixed);
  const required = Networks.parse(rules.requiredCidrs);
  const outside = allowedCidrs.filter((network) => !required.covers(parseNetwork(network)));
  if (outside.length > 0) throw networksNotWithin(outside, rules.requiredCidrs, areNetworksFixed);
}

/** The latest expiry of a token made at `createdAt`; undefined when any will do. A day is 24 hours. */
export function latestExpiry({ longestLifetimeDays }: Rules, createdAt: Date): Date | undefined {
  return longestLifetimeDays === null ? undefined : new Date(createdAt.getTime() + longestLifetimeDays * DAY);
}

/** A rule that a token breaks which was made before there was one. */
export const VIOLATIONS = ['expiry', 'lifetime', 'networks'] as const;
export type Violation = (typeof VIOLATIONS)[number];

/** Of the one policy that can be seen. PostgreSQL asks once per statement, however many tokens it judges. */
const rule = (expression: string): string => `(SELECT ${expression} FROM token_policies)`;

/** Cast inside, once; the cast outside does nothing but say that it is one array, and not a row for each network. */
const REQUIRED = `${rule('required_cidrs::cidr[]')}::cidr[]`;

/** The same rules as SQL over a row of `tokens`, each of them true, false or null. */
export const VIOLATION_SQL: Readonly<Record<Violation, RowSql>> = {
  expiry: (token) => `(${rule('expiry_required')} AND ${token}.expires_at IS NULL)`,
  lifetime: (token) =>
    `(coalesce(${token}.expires_at, 'infinity') > ${token}.created_at + ${rule('longest_lifetime_days')} * interval '24 hours')`,
  networks: (token) =>
    `(${rule('required_cidrs')} IS NOT NULL AND (${token}.allowed_cidrs IS NULL OR EXISTS (
       SELECT FROM unnest(${token}.allowed_cidrs) allowed WHERE NOT allowed::cidr <<= ANY (${REQUIRED}))))`,
};

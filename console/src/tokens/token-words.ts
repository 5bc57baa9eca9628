import type { components, operations } from '../api/schema';

export type TokenState = keyof components['schemas']['TokenCounts'];
type ListQuery = NonNullable<operations['list-tokens']['parameters']['query']>;
export type TokenSort = NonNullable<ListQuery['sort']>;

export const STATES = ['active', 'expired', 'revoked'] as const satisfies readonly TokenState[];
/** What deserves a look. */
export const HYGIENE = [
  'permanent',
  'expiring',
  'idle',
  'unused',
  'violating',
  'replaced',
] as const satisfies readonly TokenState[];

export const isState = (text: unknown): text is TokenState =>
  ([...STATES, ...HYGIENE] as readonly unknown[]).includes(text);

/** The orders that are offered. */
export const SORTS = [
  '-createdAt',
  'createdAt',
  'name',
  '-name',
  'expiresAt',
  '-expiresAt',
  '-lastUsedAt',
  'lastUsedAt',
] as const satisfies readonly TokenSort[];

export const sortOf = (text: string | undefined): (typeof SORTS)[number] =>
  SORTS.find((sort) => sort === text) ?? '-createdAt';

import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { api, body } from '../api/client';
import type { operations } from '../api/schema';
import { queryClient } from '../api/query-client';
import { PAGE_SIZE } from '../api/use-cursor-page';
import { Secret } from './secret';

export type Token = Schemas['Token'];
export type HeldToken = Schemas['HeldToken'];
export type TokenCounts = Schemas['TokenCounts'];
export type TokenState = keyof TokenCounts;
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

export interface Narrowed {
  readonly state?: TokenState;
  readonly q?: string;
  readonly sort?: TokenSort;
  readonly cursor?: string;
}

/** The organization's. */
export const allTokensQuery = (narrowed: Narrowed) =>
  queryOptions({
    queryKey: ['tokens', 'all', narrowed],
    queryFn: ({ signal }) => body(api.GET('/tokens', { params: { query: { ...narrowed, limit: PAGE_SIZE } }, signal })),
  });

/** Every token is in one of these states. */
export const totalOf = ({ active, expired, revoked }: TokenCounts): number => active + expired + revoked;

/** How many of the organization's tokens are in each state. */
export const tokenCountsQuery = queryOptions({
  queryKey: ['tokens', 'counts'],
  queryFn: async ({ signal }): Promise<TokenCounts> => {
    const { counts } = await body(api.GET('/tokens', { params: { query: { limit: 1 } }, signal }));
    return counts!;
  },
});

export const accountTokensQuery = (account: string, narrowed: Narrowed) =>
  queryOptions({
    queryKey: ['tokens', 'account', account, 'list', narrowed],
    queryFn: ({ signal }) =>
      body(
        api.GET('/service-accounts/{serviceAccountSlug}/tokens', {
          params: { path: { serviceAccountSlug: account }, query: { ...narrowed, limit: PAGE_SIZE } },
          signal,
        }),
      ),
  });

export const tokenQuery = (account: string, token: string) =>
  queryOptions({
    queryKey: ['tokens', 'account', account, 'token', token],
    queryFn: ({ signal }) =>
      body(
        api.GET('/service-accounts/{serviceAccountSlug}/tokens/{tokenSlug}', {
          params: { path: { serviceAccountSlug: account, tokenSlug: token } },
          signal,
        }),
      ),
  });

export const policyQuery = queryOptions({
  queryKey: ['token-policy'],
  queryFn: ({ signal }) => body(api.GET('/token-policy', { signal })),
});

export interface Minted {
  readonly token: Omit<Schemas['PlainToken'], 'token'>;
  readonly secret: Secret;
}

/** Not through a mutation: its cache would keep the answer, and with it the value. */
export async function mint(account: string, input: Schemas['PlainTokenInput']): Promise<Minted> {
  return taken(
    await body(
      api.POST('/service-accounts/{serviceAccountSlug}/tokens', {
        params: { path: { serviceAccountSlug: account } },
        body: input,
      }),
    ),
  );
}

export async function rotate(account: string, token: string, graceSeconds: number): Promise<Minted> {
  return taken(
    await body(
      api.POST('/service-accounts/{serviceAccountSlug}/tokens/{tokenSlug}/rotate', {
        params: { path: { serviceAccountSlug: account, tokenSlug: token } },
        body: { graceSeconds },
      }),
    ),
  );
}

export async function revoke(account: string, token: string): Promise<void> {
  await body(
    api.DELETE('/service-accounts/{serviceAccountSlug}/tokens/{tokenSlug}', {
      params: { path: { serviceAccountSlug: account, tokenSlug: token } },
    }),
  );
  void forgetTokens();
}

/** What was read of tokens is out of date. */
export async function forgetTokens(): Promise<void> {
  await Promise.all([['tokens'], ['service-accounts']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

function taken({ token: value, ...token }: Schemas['PlainToken']): Minted {
  void forgetTokens();
  return { token, secret: new Secret(value) };
}

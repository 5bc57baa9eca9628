import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { api, body } from '../api/client';
import { queryClient } from '../api/query-client';
import { PAGE_SIZE } from '../api/use-cursor-page';
import { Secret } from './secret';
import type { TokenSort, TokenState } from './token-words';

export type Token = Schemas['Token'];
export type HeldToken = Schemas['HeldToken'];
export type TokenCounts = Schemas['TokenCounts'];

export interface Narrowed {
  readonly state?: TokenState;
  readonly q?: string;
  readonly sort?: TokenSort;
  readonly cursor?: string;
}

/** The organization's. They are counted apart, so that no row waits for that. */
export const allTokensQuery = (narrowed: Narrowed & { readonly serviceAccount?: string }) =>
  queryOptions({
    queryKey: ['tokens', 'all', narrowed],
    queryFn: ({ signal }) =>
      body(api.GET('/tokens', { params: { query: { ...narrowed, limit: PAGE_SIZE, counts: false } }, signal })),
  });

/** Every token is in one of these states. */
export const totalOf = ({ active, expired, revoked }: TokenCounts): number => active + expired + revoked;

/** How many of the organization's tokens, or of one account's, are in each state, and after how many days they are in some. */
export const tokenCountsQuery = (serviceAccount?: string) =>
  queryOptions({
    queryKey: ['tokens', 'counts', serviceAccount],
    queryFn: async ({ signal }) => {
      const query = { limit: 1, serviceAccount };
      const { counts, stateDays } = await body(api.GET('/tokens', { params: { query }, signal }));
      return { counts: counts!, days: stateDays! };
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

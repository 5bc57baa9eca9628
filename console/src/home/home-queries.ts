import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../api/client';

interface Total {
  readonly total: number;
  readonly totalIsLowerBound?: boolean;
}

const one = { params: { query: { limit: 1 } } } as const;

const totalOf = (name: string, read: (signal: AbortSignal) => Promise<Total>) =>
  queryOptions({
    queryKey: [name, 'total'],
    queryFn: async ({ signal }): Promise<Total> => {
      const { total, totalIsLowerBound } = await read(signal);
      return { total, totalIsLowerBound };
    },
  });

/** Counted by the server. */
export const customersTotal = totalOf('customers', (signal) => body(api.GET('/customers', { ...one, signal })));
export const instancesTotal = totalOf('instances', (signal) => body(api.GET('/instances', { ...one, signal })));
export const accountsTotal = totalOf('service-accounts', (signal) =>
  body(api.GET('/service-accounts', { params: { query: { limit: 1, tokens: 'none' } }, signal })),
);
export const tokensTotal = totalOf('tokens', (signal) =>
  body(api.GET('/tokens', { params: { query: { limit: 1, counts: false } }, signal })),
);
export const flagsTotal = totalOf('feature-flags', (signal) => body(api.GET('/feature-flags', { ...one, signal })));

/** Whether a token has ever been used, one that is revoked by now included. */
export const firstCallQuery = queryOptions({
  queryKey: ['tokens', 'last-used'],
  queryFn: async ({ signal }): Promise<boolean> => {
    const query = { sort: '-lastUsedAt', limit: 1, counts: false } as const;
    const { items } = await body(api.GET('/tokens', { params: { query }, signal }));
    return items[0]?.lastUsedAt !== undefined;
  },
});

/** The flags that were changed last are the ones somebody is trying out. */
const LOOKED_AT = 5;
const KEPT_MS = 29 * 86_400_000;

export interface FirstFlag {
  /** Of the newest one; undefined when there is none. */
  readonly slug: string | undefined;
  readonly isEvaluated: boolean;
}

/** Whether an application has asked for a flag in the last weeks, as far as the flags that were changed last show. */
export const firstFlagQuery = queryOptions({
  queryKey: ['flags', 'first-evaluated'],
  queryFn: async ({ signal }): Promise<FirstFlag> => {
    const query = { sort: '-updatedAt', limit: LOOKED_AT } as const;
    const { items } = await body(api.GET('/feature-flags', { params: { query }, signal }));
    const from = new Date(Date.now() - KEPT_MS).toISOString();
    const totals = await Promise.all(
      items.map(async ({ id }) => {
        const params = { path: { featureFlagSlug: id }, query: { from } };
        return (await body(api.GET('/feature-flags/{featureFlagSlug}/evaluations', { params, signal }))).total;
      }),
    );
    return { slug: items[0]?.slug, isEvaluated: totals.some((total) => total > 0) };
  },
});

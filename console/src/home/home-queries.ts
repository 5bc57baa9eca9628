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

export interface FirstFlag {
  /** Of the one that was changed last; undefined when there is none. */
  readonly slug: string | undefined;
  readonly isEvaluated: boolean;
}

/** Whether an application has asked for a flag in the last weeks. */
export const firstFlagQuery = queryOptions({
  queryKey: ['flags', 'first-evaluated'],
  queryFn: async ({ signal }): Promise<FirstFlag> => {
    const query = { sort: '-updatedAt', limit: 1 } as const;
    const { items, counts } = await body(api.GET('/feature-flags', { params: { query }, signal }));
    return { slug: items[0]?.slug, isEvaluated: (counts?.evaluated ?? 0) > 0 };
  },
});

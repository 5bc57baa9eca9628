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
  body(api.GET('/service-accounts', { ...one, signal })),
);
export const flagsTotal = totalOf('feature-flags', (signal) => body(api.GET('/feature-flags', { ...one, signal })));

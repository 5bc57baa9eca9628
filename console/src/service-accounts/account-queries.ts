import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { api, body } from '../api/client';
import { queryClient } from '../api/query-client';
import { PAGE_SIZE } from '../api/use-cursor-page';
import type { AccountOrder } from '../ui/sorts';

export type Account = Schemas['ServiceAccount'];

export interface NarrowedAccounts {
  readonly q?: string;
  readonly sort?: AccountOrder;
  readonly cursor?: string;
}

export const accountsQuery = (narrowed: NarrowedAccounts) =>
  queryOptions({
    queryKey: ['service-accounts', 'list', narrowed],
    queryFn: ({ signal }) =>
      body(
        api.GET('/service-accounts', { params: { query: { ...narrowed, tokens: 'none', limit: PAGE_SIZE } }, signal }),
      ),
  });

const FOUND = 20;

/** The first ones by name that fit a text. */
export const accountsFoundQuery = (q: string) =>
  queryOptions({
    queryKey: ['service-accounts', 'list', 'found', q],
    queryFn: ({ signal }) => {
      const query = { q: q || undefined, sort: 'name', tokens: 'none', limit: FOUND } as const;
      return body(api.GET('/service-accounts', { params: { query }, signal }));
    },
  });

export const accountQuery = (account: string) =>
  queryOptions({
    queryKey: ['service-accounts', 'one', account],
    queryFn: ({ signal }) =>
      body(
        api.GET('/service-accounts/{serviceAccountSlug}', {
          params: { path: { serviceAccountSlug: account } },
          signal,
        }),
      ),
  });

export async function createAccount(name: string): Promise<Account> {
  const account = await body(api.POST('/service-accounts', { body: { name } }));
  await queryClient.invalidateQueries({ queryKey: ['service-accounts'] });
  return account;
}

export async function renameAccount(account: string, name: string): Promise<void> {
  const params = { path: { serviceAccountSlug: account } };
  await body(api.PUT('/service-accounts/{serviceAccountSlug}', { params, body: { name } }));
  await Promise.all([['service-accounts'], ['tokens']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

export async function deleteAccount(account: string): Promise<void> {
  await body(
    api.DELETE('/service-accounts/{serviceAccountSlug}', { params: { path: { serviceAccountSlug: account } } }),
  );
  queryClient.removeQueries({ queryKey: ['service-accounts', 'one'] });
  queryClient.removeQueries({ queryKey: ['tokens'] });
  await queryClient.invalidateQueries({ queryKey: ['service-accounts', 'list'] });
}

/** How an address names the account. `new` is the address of the dialog that makes one. */
export const addressOf = ({ slug, id }: { readonly slug: string; readonly id: string }): string =>
  slug === 'new' ? id : slug;

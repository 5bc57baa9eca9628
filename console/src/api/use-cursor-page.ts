import type { QueryKey, UseQueryOptions } from '@tanstack/react-query';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import type { Search } from '../app/search';
import { ApiError } from './client';
import type { PageOf, Pages } from './use-page';
import { PAGE_SIZE } from './use-page';

/** The history's entry of a page has the way to it, so that "previous" works after a reload as well. */
export interface Trailed {
  readonly trail?: readonly string[];
}

/**
 * One page of a list, which the address names by `?cursor=`: going back, reloading and sharing it show the same page, and however long
 * the list is, no more than a page of it is here. `?page=` only says how far along it is.
 */
export function useCursorPage<P extends PageOf<unknown>, K extends QueryKey>(
  options: UseQueryOptions<P, Error, P, K>,
): Pages<P['items'][number]> {
  const { search, state } = useRouterState({ select: ({ location }) => location });
  const { cursor, page } = search as Search;
  const navigate = useNavigate();
  const query = useQuery({ ...options, placeholderData: keepPreviousData as never });
  const data = query.data as P | undefined;
  const isBadCursor = cursor !== undefined && query.error instanceof ApiError && query.error.status === 400;
  const toFirst = (): void =>
    void navigate({ to: '.', search: ((now: Search) => ({ ...now, cursor: undefined, page: undefined })) as never });
  return {
    rows: isBadCursor ? undefined : data?.items,
    total: data?.total ?? 0,
    totalIsLowerBound: data?.totalIsLowerBound ?? false,
    hasMore: data?.nextCursor !== undefined,
    isLoadingMore: false,
    isStale: query.isPlaceholderData,
    error: query.error,
    more: () => undefined,
    retry: () => (isBadCursor ? toFirst() : void query.refetch()),
    pager: {
      page: cursor === undefined ? 1 : Math.max(2, Math.trunc(Number(page)) || 2),
      size: PAGE_SIZE,
      next: data?.nextCursor,
      trail: cursor === undefined ? [] : ((state as Trailed).trail ?? []),
    },
  };
}

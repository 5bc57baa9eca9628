import type { QueryKey, UseQueryOptions } from '@tanstack/react-query';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import type { Search } from '../app/search';
import { ApiError } from './client';

/** A page as every list of the API answers it. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly totalIsLowerBound?: boolean;
  readonly nextCursor?: string;
}

/** Rows of a page. */
export const PAGE_SIZE = 50;

/** What `Table` shows of a list. */
export interface Pages<T> {
  /** Undefined before the first answer. */
  readonly rows: readonly T[] | undefined;
  /** Of the whole list, not of the page. */
  readonly total: number;
  readonly totalIsLowerBound: boolean;
  /** The rows are still those of the page, search or order before. */
  readonly isStale: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly next: string | undefined;
  /** The cursors of the pages before, if this page was reached through them; the first page's is empty. */
  readonly trail: readonly string[];
}

/** The history's entry of a page has the way to it, so that "previous" works after a reload as well. */
export interface Trailed {
  readonly trail?: readonly string[];
}

/**
 * One page of a list, which the address names by `?cursor=`: going back, reloading and sharing it show the same page, and however long
 * the list is, no more than a page of it is here. `?page=` only says how far along it is.
 *
 * @param options its key has all that narrows or orders the list, the cursor included.
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
    isStale: query.isPlaceholderData,
    error: query.error,
    retry: () => (isBadCursor ? toFirst() : void query.refetch()),
    page: cursor === undefined ? 1 : Math.max(2, Math.trunc(Number(page)) || 2),
    size: PAGE_SIZE,
    next: data?.nextCursor,
    trail: cursor === undefined ? [] : ((state as Trailed).trail ?? []),
  };
}

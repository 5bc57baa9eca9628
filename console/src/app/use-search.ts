import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './search';

type Changes = Readonly<Record<string, string | undefined>>;

/**
 * The address's search parameters, and a way to change some of them. It replaces the entry of the history: typing makes none. Whatever
 * narrows or orders a list anew begins at its first page.
 */
export function useSearchParameters(): readonly [Search, (changes: Changes) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Changes) => {
      void navigate({
        to: '.',
        search: ((now: Search) => ({ ...now, cursor: undefined, page: undefined, ...changes })) as never,
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}

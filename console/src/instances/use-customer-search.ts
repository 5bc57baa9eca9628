import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { customersQuery } from '../customers/customers-api';
import type { Option } from '../ui/combo';
import { visibleName } from '../ui/name';
import { useSettled } from '../ui/use-settled';

const SHOWN = 20;

/** Customers that fit what is typed, as the server finds them. */
export function useCustomerSearch(text: string): { readonly options: readonly Option[]; readonly isSearched: boolean } {
  const q = useSettled(text.trim()).slice(0, 200);
  const { data } = useQuery({
    ...customersQuery({ q: q || undefined, sort: 'name', limit: SHOWN }),
    placeholderData: keepPreviousData,
  });
  const options = (data?.items ?? []).map(({ id, name, slug }) => ({
    id,
    text: visibleName(name, slug),
    detail: slug,
  }));
  return { options, isSearched: data !== undefined };
}

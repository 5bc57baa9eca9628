import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { api, body } from '../api/client';
import { customersQuery, referenceOf } from '../customers/customers-api';
import { flagsQuery, referenceOf as flagReferenceOf } from '../feature-flags/flags-api';
import type { MessageKey } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { instancesQuery } from '../instances/instances-api';
import { visibleName } from '../ui/name';
import { useSettled } from '../ui/use-settled';

export interface Place {
  readonly to: string;
  readonly text: string;
  readonly detail?: string;
}

export interface Group {
  readonly title: string;
  readonly places: readonly Place[];
}

interface Found {
  readonly items: readonly { readonly id: string; readonly name: string; readonly slug: string }[];
  readonly total: number;
  readonly totalIsLowerBound?: boolean;
}

/** What each of them finds. Whatever else there is, is in the list of all. */
const SHOWN = 5;

const PAGES: readonly (readonly [string, MessageKey])[] = [
  ['/', 'nav.home'],
  ['/customers', 'nav.customers'],
  ['/customers/new', 'customers.new'],
  ['/instances', 'nav.instances'],
  ['/instances/new', 'instances.new'],
  ['/feature-flags', 'nav.flags'],
  ['/feature-flags/new', 'flags.new'],
  ['/integrations/service-accounts', 'nav.serviceAccounts'],
  ['/integrations/service-accounts/new', 'accounts.new'],
  ['/integrations/tokens', 'tokens.all'],
  ['/account', 'account.title'],
];

const LISTS = [
  ['nav.customers', '/customers', referenceOf],
  ['nav.instances', '/instances', referenceOf],
  ['nav.flags', '/feature-flags', flagReferenceOf],
  ['nav.serviceAccounts', '/integrations/service-accounts', referenceOf],
] as const satisfies readonly (readonly [MessageKey, string, typeof referenceOf])[];

const accountsQuery = (q: string) => ({
  queryKey: ['service-accounts', 'found', q],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    body(
      api.GET('/service-accounts', { params: { query: { q, sort: 'name', tokens: 'none', limit: SHOWN } }, signal }),
    ),
});

interface Places {
  readonly groups: readonly Group[];
  readonly isSearching: boolean;
  readonly hasFailed: boolean;
}

/** Pages whose name fits what is typed, and what the server finds: once for a pause in the typing, and a few of each kind. */
export function usePlaces(typed: string): Places {
  const { t, language } = useI18n();
  const wanted = typed.trim().slice(0, 200);
  const q = useSettled(wanted, 180);
  const narrowed = { q, sort: 'name', limit: SHOWN } as const;
  const common = { enabled: q !== '', placeholderData: keepPreviousData as never };
  const results = useQueries({
    queries: [
      { ...customersQuery(narrowed), ...common },
      { ...instancesQuery(narrowed), ...common },
      { ...flagsQuery(narrowed), ...common },
      { ...accountsQuery(q), ...common },
    ],
  });
  const pages = PAGES.map(([to, key]) => ({ to, text: t(key) })).filter(({ text }) =>
    plain(text, language).includes(plain(wanted, language)),
  );
  const found = LISTS.map(([key, to, reference], list): Group => {
    const answer = wanted === '' ? undefined : (results[list]!.data as Found | undefined);
    const places = (answer?.items ?? []).map((item) => ({
      to: `${to}/${encodeURIComponent(reference(item))}`,
      text: visibleName(item.name, item.slug),
      detail: item.slug,
    }));
    if (answer && answer.total > places.length) {
      const text = t(answer.totalIsLowerBound ? 'palette.moreThan' : 'palette.more', {
        count: answer.total.toLocaleString(language),
        query: q,
      });
      return { title: t(key), places: [...places, { to: `${to}?${new URLSearchParams({ q }).toString()}`, text }] };
    }
    return { title: t(key), places };
  });
  return {
    groups: [{ title: t('palette.pages'), places: pages }, ...found].filter(({ places }) => places.length > 0),
    isSearching: wanted !== '' && (wanted !== q || results.some(({ isFetching }) => isFetching)),
    hasFailed: wanted !== '' && results.some(({ isError }) => isError),
  };
}

/** Without case and accents. */
const plain = (text: string, language: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase(language);

import { Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Suspense, useMemo } from 'react';
import { PAGE_SIZE, useCursorPage } from '../api/use-cursor-page';
import { useRefusal } from '../api/use-refusal';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Name } from '../ui/name';
import { Empty, Page } from '../ui/page';
import { RowLink } from '../ui/row-link';
import { SearchBox } from '../ui/search-box';
import { orderOf } from '../ui/sorts';
import type { Column } from '../ui/table';
import { Table } from '../ui/table';
import { Time } from '../ui/time';
import { FlagSwitch } from './flag-switch';
import { flagWords, strategyWords } from './flag-words';
import type { Flag, Order } from './flags-api';
import { flagsQuery, referenceOf } from './flags-api';
import { SwitchFilter } from './switch-filter';

/** At `/feature-flags?q=&enabled=&sort=&cursor=`. */
export function FlagsPage(): ReactNode {
  const { t } = useI18n();
  const [{ q, enabled: asked, sort: wanted, cursor }, change] = useSearchParameters();
  const sort = orderOf<Order>(wanted, 'name');
  const enabled = asked === 'true' ? true : asked === 'false' ? false : undefined;
  const pages = useCursorPage(
    flagsQuery({ q: q || undefined, enabled, sort, cursor: cursor || undefined, limit: PAGE_SIZE }),
  );
  const columns = useColumns();
  const refusal = useRefusal('write:feature_flags');
  const navigate = useNavigate();
  const create = (
    <Button kind="primary" disabledBecause={refusal} onPress={() => void navigate({ to: '/feature-flags/new' })}>
      <Icon name="plus" />
      {t('flags.new')}
    </Button>
  );
  const isNarrowed = Boolean(q) || enabled !== undefined;
  const isEmpty = !isNarrowed && pages.rows?.length === 0 && pages.total === 0;
  return (
    <Page title={t('nav.flags')} intro={t('flags.intro')} actions={create}>
      {!isEmpty && (
        <div className="stack">
          <SwitchFilter />
          <div className="row">
            <SearchBox label={t('flags.search')} hint={t('flags.search.hint')} />
          </div>
        </div>
      )}
      <Table
        label={t('nav.flags')}
        columns={columns}
        pages={pages}
        rowId={({ id }) => id}
        sort={sort}
        onSort={(next) => change({ sort: next === 'name' ? undefined : next })}
        empty={
          isNarrowed ? (
            <Empty
              title={q ? t('list.none', { query: q }) : t(enabled ? 'flags.none.on' : 'flags.none.off')}
              action={<Button onPress={() => change({ q: undefined, enabled: undefined })}>{t('flags.all')}</Button>}
            >
              {q && t('flags.search.hint')}
            </Empty>
          ) : (
            <Empty title={t('flags.empty')} action={create}>
              {t('flags.empty.text')}
            </Empty>
          )
        }
      />
      <Suspense fallback={null}>
        <Outlet />
      </Suspense>
    </Page>
  );
}

function useColumns(): readonly Column<Flag>[] {
  const { t, language } = useI18n();
  const navigate = useNavigate();
  return useMemo(() => {
    const ask = (flag: Flag): void =>
      void navigate({
        to: '/feature-flags/switch/$flag',
        params: { flag: referenceOf(flag) },
        search: ((now: object) => now) as never,
        state: ((now: object) => now) as never,
        resetScroll: false,
      } as never);
    return [
      {
        id: 'name',
        header: t('field.name'),
        sortBy: 'name',
        width: '22%',
        cell: (flag) => (
          <>
            <RowLink to="/feature-flags/$flag" params={{ flag: referenceOf(flag) } as never}>
              <Name text={flag.name} instead={flag.slug} lines={2} />
            </RowLink>
            <div className="mono soft">{flag.slug}</div>
          </>
        ),
      },
      {
        id: 'type',
        header: t('flags.type'),
        width: '96px',
        cell: ({ type }) => <Badge>{t(`flags.type.${type}`)}</Badge>,
      },
      { id: 'strategy', header: t('flags.strategy'), cell: (flag) => flagWords(t, flag) },
      {
        id: 'default',
        header: t('flags.default'),
        cell: ({ default_variant: strategy, variants }) => (
          <Name text={strategyWords(t, language, strategy, variants ?? [])} lines={2} />
        ),
      },
      {
        id: 'hour',
        header: t('flags.lastHour'),
        width: '132px',
        align: 'end',
        cell: ({ evaluationsLastHour: count }) => (count === undefined ? '–' : count.toLocaleString(language)),
      },
      {
        id: 'updated',
        header: t('customers.updated'),
        sortBy: 'updatedAt',
        width: '138px',
        cell: ({ updatedAt }) => <Time at={updatedAt} />,
      },
      {
        id: 'switch',
        header: t('flags.enabled'),
        isActions: true,
        width: '76px',
        cell: (flag) => <FlagSwitch flag={flag} onAsk={() => ask(flag)} />,
      },
    ];
  }, [t, language, navigate]);
}

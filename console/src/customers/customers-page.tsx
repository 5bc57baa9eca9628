import { Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { PAGE_SIZE, useCursorPage } from '../api/use-cursor-page';
import { useRefusal } from '../api/use-refusal';
import type { Search } from '../app/search';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
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
import type { Customer, Order } from './customers-api';
import { customersQuery, referenceOf } from './customers-api';

/** At `/customers?q=&sort=&cursor=`. */
export function CustomersPage(): ReactNode {
  const { t } = useI18n();
  const [{ q, sort: wanted, cursor }, change] = useSearchParameters();
  const sort = orderOf<Order>(wanted, 'name');
  const pages = useCursorPage(
    customersQuery({ q: q || undefined, sort, cursor: cursor || undefined, limit: PAGE_SIZE }),
  );
  const columns = useColumns();
  const refusal = useRefusal('write:customers');
  const navigate = useNavigate();
  const create = (
    <Button
      kind="primary"
      disabledBecause={refusal}
      onPress={() => void navigate({ to: '/customers/new', search: ((now: Search) => now) as never })}
    >
      <Icon name="plus" />
      {t('customers.new')}
    </Button>
  );
  const isEmpty = !q && pages.rows?.length === 0 && pages.total === 0;
  return (
    <Page title={t('nav.customers')} intro={t('customers.intro')} actions={create}>
      {!isEmpty && (
        <div className="row">
          <SearchBox label={t('customers.search')} hint={t('customers.search.hint')} />
        </div>
      )}
      <Table
        label={t('nav.customers')}
        columns={columns}
        pages={pages}
        rowId={({ id }) => id}
        sort={sort}
        onSort={(next) => change({ sort: next === 'name' ? undefined : next })}
        empty={<NoCustomers q={q} onClear={() => change({ q: undefined })} action={create} />}
      />
      <Outlet />
    </Page>
  );
}

function useColumns(): readonly Column<Customer>[] {
  const { t } = useI18n();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('field.name'),
        sortBy: 'name',
        cell: (customer) => (
          <RowLink to="/customers/$customer" params={{ customer: referenceOf(customer) } as never}>
            <Name text={customer.name} instead={customer.slug} lines={2} />
          </RowLink>
        ),
      },
      {
        id: 'slug',
        header: t('field.slug'),
        sortBy: 'slug',
        cell: ({ slug }) => <span className="mono soft">{slug}</span>,
      },
      {
        id: 'instances',
        header: t('nav.instances'),
        width: '104px',
        align: 'end',
        cell: ({ instanceCount }) => <Count count={instanceCount} />,
      },
      { id: 'domain', header: t('customers.domain'), cell: ({ domain }) => domain ?? <None /> },
      {
        id: 'external',
        header: t('customers.external'),
        cell: ({ externalCustomerId: id }) => (id ? <Name text={id} lines={2} /> : <None />),
      },
      {
        id: 'created',
        header: t('field.created'),
        sortBy: 'createdAt',
        width: '150px',
        cell: ({ createdAt }) => <Time at={createdAt} />,
      },
    ],
    [t],
  );
}

function Count({ count }: { count: number }): ReactNode {
  const { language } = useI18n();
  return count === 0 ? <span className="soft">0</span> : count.toLocaleString(language);
}

const None = (): ReactNode => <span className="soft">—</span>;

interface NoCustomersProps {
  readonly q: string | undefined;
  readonly onClear: () => void;
  readonly action: ReactNode;
}

function NoCustomers({ q, onClear, action }: NoCustomersProps): ReactNode {
  const { t } = useI18n();
  if (q) {
    return (
      <Empty title={t('list.none', { query: q })} action={<Button onPress={onClear}>{t('customers.all')}</Button>}>
        {t('customers.search.hint')}
      </Empty>
    );
  }
  return (
    <Empty title={t('customers.empty')} action={action}>
      {t('customers.empty.text')}
    </Empty>
  );
}

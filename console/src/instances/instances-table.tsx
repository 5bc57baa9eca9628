import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { PAGE_SIZE, useCursorPage } from '../api/use-cursor-page';
import { useSearchParameters } from '../app/use-search';
import { referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { Name } from '../ui/name';
import { RowLink } from '../ui/row-link';
import { orderOf } from '../ui/sorts';
import type { Column } from '../ui/table';
import { Table } from '../ui/table';
import { Time } from '../ui/time';
import type { Instance, InstancesQuery, Order } from './instances-api';
import { instancesQuery } from './instances-api';
import { Stage, StatusBadge } from './words';

interface InstancesTableProps {
  /** Only this customer's. */
  readonly of?: { readonly id: string };
  readonly filters?: Pick<InstancesQuery, 'q' | 'customerId' | 'status' | 'lifecycleStage' | 'hasLifecycleStage'>;
  readonly empty: ReactNode;
}

/** Ordered and paged as the address says. */
export function InstancesTable({ of, filters, empty }: InstancesTableProps): ReactNode {
  const { t } = useI18n();
  const [{ sort: wanted, cursor }, change] = useSearchParameters();
  const sort = orderOf<Order>(wanted, 'name');
  const query = { ...filters, ...(of && { customerId: of.id }), sort, cursor: cursor || undefined, limit: PAGE_SIZE };
  const pages = useCursorPage(instancesQuery(query));
  const columns = useColumns(of === undefined);
  return (
    <Table
      label={t('nav.instances')}
      columns={columns}
      pages={pages}
      rowId={({ id }) => id}
      sort={sort}
      onSort={(next) => change({ sort: next === 'name' ? undefined : next })}
      empty={empty}
      skeletonRows={of ? 3 : 8}
    />
  );
}

function useColumns(withCustomer: boolean): readonly Column<Instance>[] {
  const { t } = useI18n();
  return useMemo(() => {
    const customer: Column<Instance> = {
      id: 'customer',
      header: t('instances.customer'),
      width: '20%',
      cell: ({ customerId, customerSlug, customerName }) => (
        <Link
          to="/customers/$customer"
          params={{ customer: referenceOf({ id: customerId, slug: customerSlug }) } as never}
          className="cell-link"
        >
          <Name text={customerName} instead={customerSlug} lines={2} />
        </Link>
      ),
    };
    return [
      {
        id: 'name',
        header: t('field.name'),
        sortBy: 'name',
        cell: (instance) => (
          <>
            <RowLink to="/instances/$instance" params={{ instance: referenceOf(instance) } as never}>
              <Name text={instance.name} instead={instance.slug} lines={2} />
            </RowLink>
            <div className="mono soft">{instance.slug}</div>
          </>
        ),
      },
      ...(withCustomer ? [customer] : []),
      {
        id: 'status',
        header: t('instances.status'),
        width: '132px',
        cell: ({ status }) => <StatusBadge status={status} />,
      },
      { id: 'stage', header: t('instances.stage'), width: '140px', cell: (instance) => <Stage of={instance} /> },
      {
        id: 'until',
        header: t('instances.license.until'),
        width: '136px',
        cell: ({ endLicenseDate }) => <Time at={endLicenseDate} />,
      },
      {
        id: 'created',
        header: t('field.created'),
        sortBy: 'createdAt',
        width: '132px',
        cell: ({ createdAt }) => <Time at={createdAt} />,
      },
    ];
  }, [t, withCustomer]);
}

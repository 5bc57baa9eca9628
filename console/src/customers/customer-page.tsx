import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isMissing } from '../api/client';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { InstancesTable } from '../instances/instances-table';
import { Button } from '../ui/button';
import { Copied } from '../ui/copied';
import { Facts } from '../ui/facts';
import { Icon } from '../ui/icon';
import { Name, visibleName } from '../ui/name';
import { Card, Empty, Page } from '../ui/page';
import { Stamp } from '../ui/stamp';
import { Trail } from '../ui/trail';
import { Unread } from '../ui/unread';
import type { Customer } from './customers-api';
import { customerQuery } from './customers-api';

/** At `/customers/…`, by slug or id. */
export function CustomerPage(): ReactNode {
  const { t } = useI18n();
  const { customer: reference } = useParams({ strict: false }) as { customer: string };
  const { data: customer, error, refetch } = useQuery(customerQuery(reference));
  if (!customer || isMissing(error)) {
    const above = <Trail to="/customers" text={t('nav.customers')} />;
    return <Unread title={t('nav.customers')} above={above} error={error} onRetry={() => void refetch()} />;
  }
  return <Shown key={customer.id} customer={customer} reference={reference} />;
}

function Shown({ customer, reference }: { customer: Customer; reference: string }): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const refusal = useRefusal('write:customers');
  const instanceRefusal = useRefusal('write:instances');
  const to = (dialog: 'edit' | 'delete'): void =>
    void navigate({ to: `/customers/$customer/${dialog}`, params: { customer: reference } as never });
  const create = (
    <Button
      small
      disabledBecause={instanceRefusal}
      onPress={() => void navigate({ to: '/instances/new', search: { for: customer.slug } as never })}
    >
      <Icon name="plus" size={16} />
      {t('instances.new')}
    </Button>
  );
  return (
    <Page
      title={visibleName(customer.name, customer.slug)}
      above={<Trail to="/customers" text={t('nav.customers')} />}
      actions={
        <>
          <Button disabledBecause={refusal} onPress={() => to('edit')}>
            {t('action.edit')}
          </Button>
          <Button kind="danger" disabledBecause={refusal} onPress={() => to('delete')}>
            {t('action.delete')}
          </Button>
        </>
      }
    >
      <Card title={t('customers.details')}>
        <Facts
          facts={[
            [t('field.slug'), <Copied key="slug" text={customer.slug} label={t('field.slug')} />],
            [t('customers.id'), <Copied key="id" text={customer.id} label={t('customers.id')} />],
            [t('customers.domain'), customer.domain],
            [t('customers.external'), customer.externalCustomerId && <Name text={customer.externalCustomerId} />],
            [t('field.created'), <Stamp key="created" at={customer.createdAt} by={customer.createdBy} />],
            [t('customers.updated'), <Stamp key="updated" at={customer.updatedAt} by={customer.updatedBy} />],
          ]}
        />
      </Card>
      <Card title={t('nav.instances')} actions={create}>
        <InstancesTable
          of={customer}
          empty={
            <Empty title={t('customers.instances.empty')} action={create}>
              {t('customers.instances.empty.text')}
            </Empty>
          }
        />
      </Card>
      <Outlet />
    </Page>
  );
}

import { Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRefusal } from '../api/use-refusal';
import type { Search } from '../app/search';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Empty, Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { Select } from '../ui/select';
import { CustomerFilter } from './customer-filter';
import { InstancesTable } from './instances-table';
import { StageFilter } from './stage-filter';
import { isStatus, STATUSES } from './statuses';
import './instances.css';

const NO_STAGE = { stage: undefined, hasLifecycleStage: undefined };

/** At `/instances?q=&customer=&status=&stage=&sort=&cursor=`. */
export function InstancesPage(): ReactNode {
  const { t } = useI18n();
  const [{ q, customer, status, stage, hasLifecycleStage }, change] = useSearchParameters();
  const refusal = useRefusal('write:instances');
  const navigate = useNavigate();
  const filters = {
    q: q || undefined,
    customerId: customer || undefined,
    status: isStatus(status) ? status : undefined,
    lifecycleStage: stage || undefined,
    hasLifecycleStage: hasLifecycleStage === 'false' ? false : undefined,
  };
  const isFiltered = Object.values(filters).some((filter) => filter !== undefined);
  const clear = (): void => change({ q: undefined, customer: undefined, status: undefined, ...NO_STAGE });
  const create = (
    <Button
      kind="primary"
      disabledBecause={refusal}
      onPress={() =>
        void navigate({ to: '/instances/new', search: ((now: Search) => ({ ...now, for: customer })) as never })
      }
    >
      <Icon name="plus" />
      {t('instances.new')}
    </Button>
  );
  const none = isFiltered ? (
    <Empty title={t('instances.filter.none')} action={<Button onPress={clear}>{t('instances.filter.clear')}</Button>} />
  ) : (
    <Empty title={t('instances.empty')} action={create}>
      {t('instances.empty.text')}
    </Empty>
  );
  const statuses = [
    { value: '' as const, text: t('instances.status.all') },
    ...STATUSES.map((value) => ({ value, text: t(`instances.status.${value}`) })),
  ];
  return (
    <Page title={t('nav.instances')} intro={t('instances.intro')} actions={create}>
      <div className="filters" role="search">
        <SearchBox label={t('instances.search')} hint={t('instances.search.hint')} />
        <CustomerFilter slug={customer} onChange={(slug) => change({ customer: slug })} />
        <Select
          hideLabel
          label={t('instances.status')}
          choices={statuses}
          value={filters.status ?? ''}
          onChange={(value) => change({ status: value || undefined })}
        />
        <StageFilter wanted={{ stage, hasLifecycleStage }} onChange={(wanted) => change({ ...NO_STAGE, ...wanted })} />
        {isFiltered && (
          <Button kind="quiet" onPress={clear}>
            {t('instances.filter.clear')}
          </Button>
        )}
      </div>
      <InstancesTable filters={filters} empty={none} />
      <Outlet />
    </Page>
  );
}

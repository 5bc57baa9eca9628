import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isMissing } from '../api/client';
import { useRefusal } from '../api/use-refusal';
import { referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Copied } from '../ui/copied';
import { Facts } from '../ui/facts';
import { Name, visibleName } from '../ui/name';
import { Card, Page } from '../ui/page';
import { Stamp } from '../ui/stamp';
import { Time } from '../ui/time';
import { Trail } from '../ui/trail';
import { Unread } from '../ui/unread';
import type { Instance } from './instances-api';
import { instanceQuery } from './instances-api';
import { MetadataEditor } from './metadata-editor';
import { StateFields } from './state-fields';
import { stageText, StatusBadge } from './words';
import './instances.css';

/** At `/instances/…`, by slug or id. */
export function InstancePage(): ReactNode {
  const { t } = useI18n();
  const { instance: reference } = useParams({ strict: false }) as { instance: string };
  const { data: instance, error, refetch } = useQuery(instanceQuery(reference));
  if (!instance || isMissing(error)) {
    const above = <Trail to="/instances" text={t('nav.instances')} />;
    return <Unread title={t('nav.instances')} above={above} error={error} onRetry={() => void refetch()} />;
  }
  return <Shown key={instance.id} instance={instance} reference={reference} />;
}

function Shown({ instance, reference }: { instance: Instance; reference: string }): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const refusal = useRefusal('write:instances');
  const to = (dialog: 'edit' | 'delete'): void =>
    void navigate({ to: `/instances/$instance/${dialog}`, params: { instance: reference } as never });
  const { startLicenseDate: from, endLicenseDate: until } = instance;
  const isOver = until !== undefined && new Date(until) < new Date();
  return (
    <Page
      title={visibleName(instance.name, instance.slug)}
      above={<Trail to="/instances" text={t('nav.instances')} />}
      intro={
        <span className="row">
          <StatusBadge status={instance.status} />
          {instance.lifecycleStage && <span>{stageText(t, instance.lifecycleStage)}</span>}
        </span>
      }
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
      <Card>
        <div className="stack">
          <StateFields instance={instance} reference={reference} />
          {instance.description && (
            <p className="description" dir="auto">
              {instance.description}
            </p>
          )}
          <Facts
            facts={[
              [
                t('instances.customer'),
                <Link
                  key="customer"
                  to="/customers/$customer"
                  params={{ customer: referenceOf({ id: instance.customerId, slug: instance.customerSlug }) } as never}
                >
                  <Name text={instance.customerName} instead={instance.customerSlug} />
                </Link>,
              ],
              [t('instances.license.from'), <Time key="from" at={from} exact />],
              [
                t('instances.license.until'),
                <span key="until">
                  <Time at={until} exact />{' '}
                  <span className="soft">· {isOver ? t('instances.license.ended') : <Time at={until} />}</span>
                </span>,
              ],
              [t('field.slug'), <Copied key="slug" text={instance.slug} label={t('field.slug')} />],
              [t('customers.id'), <Copied key="id" text={instance.id} label={t('customers.id')} />],
              [t('field.created'), <Stamp key="created" at={instance.createdAt} by={instance.createdBy} />],
              [t('customers.updated'), <Stamp key="updated" at={instance.updatedAt} by={instance.updatedBy} />],
            ]}
          />
        </div>
      </Card>
      <MetadataEditor instance={instance} reference={reference} />
      <Outlet />
    </Page>
  );
}

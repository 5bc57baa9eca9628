import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { ConfirmTyped } from '../ui/confirm-typed';
import { isolated, Name } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { deleteInstance, instanceQuery } from './instances-api';

/** At `/instances/…/delete`. */
export function DeleteInstance(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const close = useClosing();
  const { instance: reference } = useParams({ strict: false }) as { instance: string };
  const { data: instance } = useSuspenseQuery(instanceQuery(reference));
  const remove = async (): Promise<void> => {
    await deleteInstance(instance.id);
    await navigate({ to: '/instances', replace: true });
    queries.removeQueries({ queryKey: ['instances', 'one', reference] });
    void queries.invalidateQueries({ queryKey: ['instances', 'list'] });
    showToast({ text: t('instances.deleted.toast', { name: isolated(instance.name, instance.slug) }) });
  };
  return (
    <ConfirmTyped
      title={t('instances.delete')}
      expected={instance.slug}
      action={t('instances.delete')}
      onConfirm={remove}
      onClose={close}
    >
      <p>
        <strong>
          <Name text={instance.name} instead={instance.slug} />
        </strong>
      </p>
      <p>{t('instances.delete.text')}</p>
    </ConfirmTyped>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { ConfirmTyped } from '../ui/confirm-typed';
import { isolated, Name } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useOpenFlag } from './flag-edit-context';
import { deleteFlag } from './flags-api';
import { LastHour } from './last-hour';

/** At `/feature-flags/…/delete`. */
export function DeleteFlag(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const close = useClosing();
  const { reference, present, edit } = useOpenFlag();
  const { flag } = present;
  const remove = async (): Promise<void> => {
    await deleteFlag(flag.id);
    edit.discard();
    await navigate({ to: '/feature-flags', replace: true, ignoreBlocker: true });
    queries.removeQueries({ queryKey: ['flags', 'one', reference] });
    void queries.invalidateQueries({ queryKey: ['flags', 'list'] });
    showToast({ text: t('customers.deleted.toast', { name: isolated(flag.name, flag.slug) }) });
  };
  return (
    <ConfirmTyped
      title={t('flags.delete')}
      expected={flag.slug}
      action={t('flags.delete')}
      onConfirm={remove}
      onClose={close}
    >
      <div className="stack">
        <p>
          <strong>
            <Name text={flag.name} instead={flag.slug} />
          </strong>
        </p>
        <p>{t('flags.delete.text')}</p>
        <LastHour reference={reference} />
      </div>
    </ConfirmTyped>
  );
}

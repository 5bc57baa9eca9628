import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSearchParameters } from '../app/use-search';
import { customerQuery, referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { FormDialog } from '../ui/form-dialog';
import { isolated, visibleName } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useDraft } from '../ui/use-draft';
import { useForm } from '../ui/use-form';
import type { Values } from './instance-fields';
import { instanceCodes, InstanceInputs, instanceProblems, NAMES, tidied } from './instance-fields';
import { createInstance, instanceQuery } from './instances-api';

const EMPTY: Values = { name: '', slug: '', description: '', customerId: '', customerName: '', from: '', until: '' };

/** At `/instances/new?for=`, the customer's slug or id. */
export function NewInstance(): ReactNode {
  const [{ for: reference }] = useSearchParameters();
  const { data, isLoading } = useQuery({ ...customerQuery(reference ?? ''), enabled: Boolean(reference) });
  if (isLoading) return null;
  return (
    <Form initial={data ? { ...EMPTY, customerId: data.id, customerName: visibleName(data.name, data.slug) } : EMPTY} />
  );
}

function Form({ initial }: { initial: Values }): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const close = useClosing('for');
  const draft = useDraft('instance', initial);
  const sent = tidied(draft.values);
  const form = useForm({
    draft,
    problems: instanceProblems(t, sent, true),
    names: NAMES,
    codes: instanceCodes(t),
    send: () => createInstance(sent),
    onSent: async (instance) => {
      draft.forget();
      const address = referenceOf(instance);
      void queries.prefetchQuery(instanceQuery(address));
      void queries.invalidateQueries({ queryKey: ['instances', 'list'] });
      await navigate({ to: '/instances/$instance', params: { instance: address } as never, replace: true });
      showToast({ text: t('instances.created.toast', { name: isolated(instance.name, instance.slug) }) });
    },
  });
  return (
    <FormDialog
      title={t('instances.new')}
      text={t('instances.new.text')}
      submit={t('action.create')}
      {...form.dialog}
      onClose={close}
    >
      <InstanceInputs isNew {...form.inputs} />
    </FormDialog>
  );
}

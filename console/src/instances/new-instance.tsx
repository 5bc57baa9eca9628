import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Search } from '../app/search';
import { useSearchParameters } from '../app/use-search';
import { customerQuery, referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { splitProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated, visibleName } from '../ui/name';
import { showToast } from '../ui/toast';
import { useDraft } from '../ui/use-draft';
import type { Values } from './instance-fields';
import { InstanceInputs, instanceProblems, NAMES, tidied } from './instance-fields';
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
  const [values, change, forget] = useDraft('instance', initial);
  const [attempt, setAttempt] = useState(0);
  const sent = tidied(values);
  const local = instanceProblems(t, sent, true);
  const create = useMutation({
    mutationFn: () => createInstance(sent),
    onError: () => setAttempt((count) => count + 1),
    onSuccess: async (instance) => {
      forget();
      queries.setQueryData(instanceQuery(referenceOf(instance)).queryKey, instance);
      void queries.invalidateQueries({ queryKey: ['instances', 'list'] });
      await navigate({
        to: '/instances/$instance',
        params: { instance: referenceOf(instance) } as never,
        replace: true,
      });
      showToast({ text: t('instances.created.toast', { name: isolated(instance.name, instance.slug) }) });
    },
  });
  const { at, rest } = splitProblem(create.error, NAMES, {
    'Instance.SlugTaken': ['slug', t('instances.slug.taken')],
    'Customer.NotFound': ['customerId', t('instances.customer.missing')],
  });
  const close = (): void => {
    forget();
    void navigate({ to: '/instances', search: ((now: Search) => ({ ...now, for: undefined })) as never });
  };
  return (
    <FormDialog
      title={t('instances.new')}
      text={t('instances.new.text')}
      submit={t('action.create')}
      isPending={create.isPending}
      error={rest}
      attempt={attempt}
      onClose={close}
      onSubmit={() => {
        setAttempt((count) => count + 1);
        if (Object.values(local).every((problem) => problem === undefined)) create.mutate();
      }}
    >
      <InstanceInputs
        isNew
        values={values}
        problems={{ ...(attempt > 0 && local), ...at }}
        onChange={(changed) => {
          if (create.error) create.reset();
          change(changed);
        }}
      />
    </FormDialog>
  );
}

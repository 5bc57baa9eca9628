import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { customerQuery, referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { ClashNote } from '../ui/clash-note';
import { Clash, clashes, merged, splitProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated, visibleName } from '../ui/name';
import { showToast } from '../ui/toast';
import { useDraft } from '../ui/use-draft';
import type { Values } from './instance-fields';
import { InstanceInputs, instanceProblems, NAMES, tidied } from './instance-fields';
import type { Instance, InstanceFields } from './instances-api';
import { fieldsOf, instanceQuery, replaceInstance } from './instances-api';

const LABELS = {
  name: 'field.name',
  slug: 'field.slug',
  description: 'instances.description',
  customerId: 'instances.customer',
  from: 'instances.license.from',
  until: 'instances.license.until',
} as const;

/** At `/instances/…/edit`. */
export function EditInstance(): ReactNode {
  const { instance: reference } = useParams({ strict: false }) as { instance: string };
  const { data: instance } = useSuspenseQuery(instanceQuery(reference));
  const customer = useQuery(customerQuery(instance.customerId));
  if (customer.isLoading) return null;
  const customerName = customer.data ? visibleName(customer.data.name, customer.data.slug) : instance.customerSlug;
  return <Form reference={reference} instance={instance} customerName={customerName} />;
}

interface FormProps {
  readonly reference: string;
  readonly instance: Instance;
  readonly customerName: string;
}

/** What others have changed since stays, unless it is the same field. */
function Form({ reference, instance, customerName }: FormProps): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { queryKey, queryFn } = instanceQuery(reference);
  const [base, setBase] = useState(() => fieldsOf(instance));
  const [values, change, forget] = useDraft<Values>(`instance:${instance.id}`, { ...base, customerName });
  const [attempt, setAttempt] = useState(0);
  const tidy = tidied(values);
  const { customerName: _, ...sent } = tidy;
  const local = instanceProblems(t, tidy, false);
  const leave = async (address: string): Promise<void> => {
    forget();
    await navigate({ to: '/instances/$instance', params: { instance: address } as never, replace: true });
  };
  const save = useMutation({
    mutationFn: async (isForced: boolean) => {
      const present = await queries.fetchQuery({ queryKey, queryFn, staleTime: 0 });
      const theirs = fieldsOf(present);
      const both = clashes<InstanceFields>(base, sent, theirs);
      if (both.length > 0 && !isForced) throw new Clash<InstanceFields>(present.updatedBy.name ?? '', both);
      const fields = merged<InstanceFields>(base, sent, theirs);
      await replaceInstance(present, fields);
      return { id: present.id, slug: fields.slug, isMoved: fields.slug !== present.slug };
    },
    onError: () => setAttempt((count) => count + 1),
    onSuccess: async (saved) => {
      const address = saved.isMoved ? referenceOf(saved) : reference;
      // Under its former slug it is not to be found again.
      if (!saved.isMoved) await queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: ['instances', 'list'] });
      await leave(address);
      if (saved.isMoved) queries.removeQueries({ queryKey });
      showToast({ text: t('instances.saved.toast', { name: isolated(sent.name, saved.slug) }) });
    },
  });
  const clash = save.error instanceof Clash ? (save.error as Clash<InstanceFields>) : undefined;
  const { at, rest } = splitProblem(clash ? undefined : save.error, NAMES, {
    'Instance.SlugTaken': ['slug', t('instances.slug.taken')],
    'Customer.NotFound': ['customerId', t('instances.customer.missing')],
  });
  return (
    <FormDialog
      title={t('instances.edit')}
      submit={t('action.save')}
      isPending={save.isPending}
      error={rest}
      attempt={attempt}
      onClose={() => void leave(reference)}
      onSubmit={() => {
        setAttempt((count) => count + 1);
        if (Object.values(local).every((problem) => problem === undefined)) save.mutate(false);
      }}
      note={
        clash && (
          <ClashNote
            by={clash.by}
            fields={clash.fields.map((field) => t(LABELS[field]))}
            onMine={() => save.mutate(true)}
            onTheirs={() => {
              const theirs = fieldsOf(instance);
              setBase(theirs);
              change({ ...Object.fromEntries(clash.fields.map((field) => [field, theirs[field]])), customerName });
              save.reset();
            }}
          />
        )
      }
    >
      <InstanceInputs
        key={base.customerId}
        isNew={false}
        values={values}
        problems={{ ...(attempt > 0 && local), ...at }}
        onChange={(changed) => {
          if (save.error) save.reset();
          change(changed);
        }}
      />
    </FormDialog>
  );
}

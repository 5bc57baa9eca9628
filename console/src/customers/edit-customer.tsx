import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { ClashNote } from '../ui/clash-note';
import { Clash, clashes, merged, splitProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import { useDraft } from '../ui/use-draft';
import { CustomerInputs, customerProblems, NAMES, tidied } from './customer-fields';
import type { CustomerFields } from './customers-api';
import { customerQuery, fieldsOf, replaceCustomer } from './customers-api';

const LABELS = { name: 'field.name', domain: 'customers.domain', externalCustomerId: 'customers.external' } as const;

/** At `/customers/…/edit`. What others have changed since stays, unless it is the same field. */
export function EditCustomer(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { customer: reference } = useParams({ strict: false }) as { customer: string };
  const { queryKey, queryFn } = customerQuery(reference);
  const { data: customer } = useSuspenseQuery(customerQuery(reference));
  const [base, setBase] = useState(() => fieldsOf(customer));
  const [values, change, forget] = useDraft(`customer:${customer.id}`, base);
  const [attempt, setAttempt] = useState(0);
  const { slug, ...sent } = tidied({ ...values, slug: customer.slug });
  const local = customerProblems(t, { ...sent, slug });
  const close = async (): Promise<void> => {
    forget();
    await navigate({ to: '/customers/$customer', params: { customer: reference }, replace: true });
  };
  const save = useMutation({
    mutationFn: async (isForced: boolean) => {
      const present = await queries.fetchQuery({ queryKey, queryFn, staleTime: 0 });
      const theirs = fieldsOf(present);
      const both = clashes<CustomerFields>(base, sent, theirs);
      if (both.length > 0 && !isForced) throw new Clash<CustomerFields>(present.updatedBy.name ?? '', both);
      await replaceCustomer(present.id, merged<CustomerFields>(base, sent, theirs));
    },
    onError: () => setAttempt((count) => count + 1),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['customers'] });
      await close();
      showToast({ text: t('customers.saved.toast', { name: isolated(sent.name, slug) }) });
    },
  });
  const clash = save.error instanceof Clash ? (save.error as Clash<CustomerFields>) : undefined;
  const { at, rest } = splitProblem(clash ? undefined : save.error, NAMES);
  return (
    <FormDialog
      title={t('customers.edit')}
      submit={t('action.save')}
      isPending={save.isPending}
      error={rest}
      attempt={attempt}
      onClose={() => void close()}
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
              const theirs = fieldsOf(customer);
              setBase(theirs);
              change(Object.fromEntries(clash.fields.map((field) => [field, theirs[field]])));
              save.reset();
            }}
          />
        )
      }
    >
      <CustomerInputs
        isSlugFixed
        values={{ ...values, slug }}
        problems={{ ...(attempt > 0 && local), ...at }}
        onChange={({ slug: _, ...changed }) => {
          if (save.error) save.reset();
          change(changed);
        }}
      />
    </FormDialog>
  );
}

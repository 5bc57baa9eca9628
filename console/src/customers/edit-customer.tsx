import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { ClashNote } from '../ui/clash-note';
import type { Clash } from '../ui/field-problems';
import { saveBeside } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useEditDraft } from '../ui/use-draft';
import { useForm } from '../ui/use-form';
import { CustomerInputs, customerProblems, NAMES, tidied } from './customer-fields';
import type { CustomerFields } from './customers-api';
import { customerQuery, fieldsOf, replaceCustomer } from './customers-api';

const LABELS = { name: 'field.name', domain: 'customers.domain', externalCustomerId: 'customers.external' } as const;

/** At `/customers/…/edit`. What others have changed since stays, unless it is the same field. */
export function EditCustomer(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const close = useClosing();
  const { customer: reference } = useParams({ strict: false }) as { customer: string };
  const { queryKey, queryFn } = customerQuery(reference);
  const { data: customer } = useSuspenseQuery(customerQuery(reference));
  const edit = useEditDraft<CustomerFields>(`customer:${customer.id}`, fieldsOf(customer));
  const { slug, ...mine } = tidied({ ...edit.values, slug: customer.slug });
  const form = useForm({
    problems: customerProblems(t, { ...mine, slug }),
    names: NAMES,
    send: (isForced) =>
      saveBeside({
        base: edit.base,
        mine,
        isForced,
        read: () => queries.fetchQuery({ queryKey, queryFn, staleTime: 0 }),
        fieldsOf,
        write: replaceCustomer,
      }),
    onSent: async () => {
      await queries.invalidateQueries({ queryKey: ['customers'] });
      edit.forget();
      close();
      showToast({ text: t('customers.saved.toast', { name: isolated(mine.name, slug) }) });
    },
  });
  const clash = form.clash as Clash<CustomerFields> | undefined;
  return (
    <FormDialog
      title={t('customers.edit')}
      submit={t('action.save')}
      {...form.dialog}
      isRestored={edit.isRestored}
      forget={edit.forget}
      onClose={close}
      note={
        clash && (
          <ClashNote
            by={clash.by}
            fields={clash.fields.map((field) => ({
              label: t(LABELS[field]),
              theirs: clash.theirs[field],
              mine: clash.mine[field],
            }))}
            onMine={form.force}
            onTheirs={() => {
              edit.rebase(clash.theirs, Object.fromEntries(clash.fields.map((field) => [field, clash.theirs[field]])));
              form.onChange();
            }}
          />
        )
      }
    >
      <CustomerInputs
        isSlugFixed
        values={{ ...edit.values, slug }}
        problems={form.problems}
        onChange={({ slug: _, ...changed }) => {
          form.onChange();
          edit.change(changed);
        }}
      />
    </FormDialog>
  );
}

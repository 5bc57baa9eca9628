import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { ClashNote } from '../ui/clash-note';
import { only } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useEditDraft } from '../ui/use-draft';
import { useEditForm } from '../ui/use-form';
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
  const draft = useEditDraft<CustomerFields>(`customer:${customer.id}`, fieldsOf(customer));
  const { slug, ...mine } = tidied({ ...draft.values, slug: customer.slug });
  const form = useEditForm({
    draft,
    problems: customerProblems(t, { ...mine, slug }),
    names: NAMES,
    base: draft.base,
    mine,
    read: () => queries.fetchQuery({ queryKey, queryFn, staleTime: 0 }),
    fieldsOf,
    write: replaceCustomer,
    onSent: async () => {
      await queries.invalidateQueries({ queryKey: ['customers'] });
      draft.forget();
      close();
      showToast({ text: t('customers.saved.toast', { name: isolated(mine.name, slug) }) });
    },
  });
  return (
    <FormDialog
      title={t('customers.edit')}
      submit={t('action.save')}
      {...form.dialog}
      onClose={close}
      note={
        <ClashNote
          clash={form.clash}
          label={(field) => t(LABELS[field])}
          onMine={form.force}
          onTheirs={({ theirs, fields }) => form.change(() => draft.rebase(theirs, only(theirs, fields)))}
        />
      }
    >
      <CustomerInputs
        isSlugFixed
        {...form.inputs}
        values={{ ...draft.values, slug }}
        onChange={({ slug: _, ...changed }) => form.inputs.onChange(changed)}
      />
    </FormDialog>
  );
}

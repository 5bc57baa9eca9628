import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { FormDialog } from '../ui/form-dialog';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useDraft } from '../ui/use-draft';
import { useForm } from '../ui/use-form';
import { CustomerInputs, customerProblems, NAMES, tidied } from './customer-fields';
import { createCustomer, customerQuery, referenceOf } from './customers-api';

const EMPTY = { name: '', slug: '', domain: '', externalCustomerId: '' };

/** At `/customers/new`. */
export function NewCustomer(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const close = useClosing();
  const draft = useDraft('customer', EMPTY);
  const sent = tidied(draft.values);
  const form = useForm({
    draft,
    problems: customerProblems(t, sent),
    names: NAMES,
    codes: { 'CreateCustomer.SlugTaken': ['slug', t('customers.slug.taken')] },
    send: () => createCustomer(sent, sent.slug),
    onSent: async (customer) => {
      draft.forget();
      void queries.prefetchQuery(customerQuery(referenceOf(customer)));
      void queries.invalidateQueries({ queryKey: ['customers', 'list'] });
      await navigate({ to: '/customers/$customer', params: { customer: referenceOf(customer) }, replace: true });
      showToast({ text: t('customers.created.toast', { name: isolated(customer.name, customer.slug) }) });
    },
  });
  return (
    <FormDialog
      title={t('customers.new')}
      text={t('customers.new.text')}
      submit={t('action.create')}
      {...form.dialog}
      onClose={close}
    >
      <CustomerInputs {...form.inputs} />
    </FormDialog>
  );
}

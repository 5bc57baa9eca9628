import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { splitProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import { useDraft } from '../ui/use-draft';
import { CustomerInputs, customerProblems, NAMES, tidied } from './customer-fields';
import { createCustomer, customerQuery, referenceOf } from './customers-api';

const EMPTY = { name: '', slug: '', domain: '', externalCustomerId: '' };

/** At `/customers/new`. */
export function NewCustomer(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [values, change, forget] = useDraft('customer', EMPTY);
  const [attempt, setAttempt] = useState(0);
  const sent = tidied(values);
  const local = customerProblems(t, sent);
  const create = useMutation({
    mutationFn: () => createCustomer(sent, sent.slug),
    onError: () => setAttempt((count) => count + 1),
    onSuccess: async (customer) => {
      forget();
      queries.setQueryData(customerQuery(referenceOf(customer)).queryKey, customer);
      void queries.invalidateQueries({ queryKey: ['customers', 'list'] });
      await navigate({ to: '/customers/$customer', params: { customer: referenceOf(customer) }, replace: true });
      showToast({ text: t('customers.created.toast', { name: isolated(customer.name, customer.slug) }) });
    },
  });
  const { at, rest } = splitProblem(create.error, NAMES, {
    'CreateCustomer.SlugTaken': ['slug', t('customers.slug.taken')],
  });
  const close = (): void => {
    forget();
    void navigate({ to: '/customers', search: true });
  };
  return (
    <FormDialog
      title={t('customers.new')}
      text={t('customers.new.text')}
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
      <CustomerInputs
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

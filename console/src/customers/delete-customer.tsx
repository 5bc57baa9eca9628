import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { isolated } from '../ui/name';
import { ProblemNote } from '../ui/problem';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { customerQuery, deleteCustomer } from './customers-api';

/** At `/customers/…/delete`. While the customer has instances, it says why that cannot be. */
export function DeleteCustomer(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const close = useClosing();
  const { customer: reference } = useParams({ strict: false }) as { customer: string };
  const { data: customer, refetch } = useSuspenseQuery(customerQuery(reference));
  const name = isolated(customer.name, customer.slug);
  const remove = useMutation({
    mutationFn: () => deleteCustomer(customer.id),
    onError: (error) => {
      // Somebody has made one meanwhile: how many there are is said by the server.
      if (error instanceof ApiError && error.status === 400) void refetch();
    },
    onSuccess: async () => {
      await navigate({ to: '/customers', replace: true });
      queries.removeQueries({ queryKey: ['customers', 'one', reference] });
      void queries.invalidateQueries({ queryKey: ['customers', 'list'] });
      showToast({ text: t('customers.deleted.toast', { name }) });
    },
  });
  const count = customer.instanceCount;
  return (
    <Dialog title={t('customers.delete')} onClose={close}>
      <p>
        {count > 0
          ? t('customers.delete.has', { name, count })
          : t('customers.delete.text', { name, slug: customer.slug })}
      </p>
      {count > 0 && (
        <Link to="/instances" search={{ customer: customer.slug } as never}>
          {t('customers.delete.show')}
        </Link>
      )}
      {remove.error && count === 0 && <ProblemNote error={remove.error} />}
      <DialogActions>
        <Button autoFocus onPress={close}>
          {t(count > 0 ? 'action.close' : 'action.cancel')}
        </Button>
        {count === 0 && (
          <Button kind="danger" isPending={remove.isPending} onPress={() => remove.mutate()}>
            {t('customers.delete')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

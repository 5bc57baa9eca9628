import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { ClashNote } from '../ui/clash-note';
import { only } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated, visibleName } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useEditDraft } from '../ui/use-draft';
import { useEditForm } from '../ui/use-form';
import type { Values } from './instance-fields';
import { instanceCodes, InstanceInputs, instanceProblems, NAMES, tidied } from './instance-fields';
import type { InstanceFields } from './instances-api';
import { fieldsOf, instanceQuery, replaceInstance } from './instances-api';

const LABELS = {
  name: 'field.name',
  slug: 'field.slug',
  description: 'instances.description',
  customerId: 'instances.customer',
  from: 'instances.license.from',
  until: 'instances.license.until',
} as const;

/** At `/instances/…/edit`. What others have changed since stays, unless it is the same field. */
export function EditInstance(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const close = useClosing();
  const { instance: reference } = useParams({ strict: false }) as { instance: string };
  const { data: instance } = useSuspenseQuery(instanceQuery(reference));
  const customerName = visibleName(instance.customerName, instance.customerSlug);
  const { queryKey, queryFn } = instanceQuery(reference);
  const draft = useEditDraft<Values>(`instance:${instance.id}`, { ...fieldsOf(instance), customerName });
  const tidy = tidied(draft.values);
  const mine = withoutName(tidy);
  const form = useEditForm({
    draft,
    problems: instanceProblems(t, tidy, false),
    names: NAMES,
    codes: instanceCodes(t),
    base: withoutName(draft.base),
    mine,
    read: () => queries.fetchQuery({ queryKey, queryFn, staleTime: 0 }),
    fieldsOf,
    write: async (present, fields) => {
      await replaceInstance(present, fields);
      return { id: present.id, slug: fields.slug, isMoved: fields.slug !== present.slug };
    },
    onSent: async (saved) => {
      // Under its former slug it is not to be found again.
      if (!saved.isMoved) await queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: ['instances', 'list'] });
      draft.forget();
      if (saved.isMoved) {
        const params = { instance: referenceOf(saved) } as never;
        await navigate({ to: '/instances/$instance', params, replace: true });
        queries.removeQueries({ queryKey });
      } else {
        close();
      }
      showToast({ text: t('instances.saved.toast', { name: isolated(mine.name, saved.slug) }) });
    },
  });
  // A customer is shown by its name, where that is known.
  const shown = (value: string, field: keyof InstanceFields): string =>
    field !== 'customerId' ? value : value === mine.customerId ? tidy.customerName : customerName;
  return (
    <FormDialog
      title={t('instances.edit')}
      submit={t('action.save')}
      {...form.dialog}
      onClose={close}
      note={
        <ClashNote
          clash={form.clash}
          label={(field) => t(LABELS[field])}
          shown={shown}
          onMine={form.force}
          onTheirs={({ theirs, fields }) => {
            const name = fields.includes('customerId') && { customerName };
            form.change(() => draft.rebase({ ...theirs, customerName }, { ...only(theirs, fields), ...name }));
          }}
        />
      }
    >
      <InstanceInputs key={draft.base.customerId} isNew={false} {...form.inputs} />
    </FormDialog>
  );
}

const withoutName = ({ customerName: _, ...fields }: Values): InstanceFields => fields;

import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { referenceOf } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { ClashNote } from '../ui/clash-note';
import type { Clash } from '../ui/field-problems';
import { saveBeside } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated, visibleName } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useEditDraft } from '../ui/use-draft';
import { useForm } from '../ui/use-form';
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
  const edit = useEditDraft<Values>(`instance:${instance.id}`, { ...fieldsOf(instance), customerName });
  const tidy = tidied(edit.values);
  const mine = withoutName(tidy);
  const form = useForm({
    problems: instanceProblems(t, tidy, false),
    names: NAMES,
    codes: instanceCodes(t),
    send: (isForced) =>
      saveBeside({
        base: withoutName(edit.base),
        mine,
        isForced,
        read: () => queries.fetchQuery({ queryKey, queryFn, staleTime: 0 }),
        fieldsOf,
        write: async (present, fields) => {
          await replaceInstance(present, fields);
          return { id: present.id, slug: fields.slug, isMoved: fields.slug !== present.slug };
        },
      }),
    onSent: async (saved) => {
      // Under its former slug it is not to be found again.
      if (!saved.isMoved) await queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: ['instances', 'list'] });
      edit.forget();
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
  const clash = form.clash as Clash<InstanceFields> | undefined;
  // A customer is shown by its name, where that is known.
  const shown = (field: keyof InstanceFields, value: string): string =>
    field !== 'customerId' ? value : value === mine.customerId ? tidy.customerName : customerName;
  return (
    <FormDialog
      title={t('instances.edit')}
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
              theirs: shown(field, clash.theirs[field]),
              mine: shown(field, clash.mine[field]),
            }))}
            onMine={form.force}
            onTheirs={() => {
              const theirs = { ...clash.theirs, customerName };
              edit.rebase(theirs, {
                ...Object.fromEntries(clash.fields.map((field) => [field, clash.theirs[field]])),
                ...(clash.fields.includes('customerId') && { customerName }),
              });
              form.onChange();
            }}
          />
        )
      }
    >
      <InstanceInputs
        key={edit.base.customerId}
        isNew={false}
        values={edit.values}
        problems={form.problems}
        onChange={(changed) => {
          form.onChange();
          edit.change(changed);
        }}
      />
    </FormDialog>
  );
}

const withoutName = ({ customerName: _, ...fields }: Values): InstanceFields => fields;

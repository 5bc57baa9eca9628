import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import { lineProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { dataField } from '../ui/named-fields';
import { useClosing } from '../ui/use-closing';
import { useDraft } from '../ui/use-draft';
import { useForm } from '../ui/use-form';
import { instanceQuery } from './instances-api';
import { useStateChange } from './use-state-change';

/** At `/instances/…/stage`: a lifecycle stage in one's own words. */
export function StageDialog(): ReactNode {
  const { t } = useI18n();
  const close = useClosing();
  const { instance: reference } = useParams({ strict: false }) as { instance: string };
  const { data: instance } = useSuspenseQuery(instanceQuery(reference));
  const { save } = useStateChange(reference);
  const [{ stage }, change, forget, isRestored] = useDraft(`stage:${instance.id}`, {
    stage: instance.lifecycleStage ?? '',
  });
  const lifecycleStage = stage.trim();
  const form = useForm<'lifecycleStage', void>({
    problems: { lifecycleStage: lineProblem(t, lifecycleStage, 100, true) },
    names: ['lifecycleStage'],
    send: () => save(instance, { lifecycleStage }),
    onSent: async () => {
      forget();
      close();
    },
  });
  return (
    <FormDialog
      title={t('instances.stage.own')}
      submit={t('action.save')}
      {...form.dialog}
      isRestored={isRestored}
      forget={forget}
      onClose={close}
    >
      <Field
        {...dataField}
        autoFocus
        isRequired
        dir="auto"
        label={t('instances.stage')}
        help={t('instances.stage.help')}
        value={stage}
        problem={form.problems.lifecycleStage}
        onChange={(text) => {
          form.onChange();
          change({ stage: text });
        }}
      />
    </FormDialog>
  );
}

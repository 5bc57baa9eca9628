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
  const draft = useDraft(`stage:${instance.id}`, { stage: instance.lifecycleStage ?? '' });
  const lifecycleStage = draft.values.stage.trim();
  const form = useForm({
    draft,
    problems: { lifecycleStage: lineProblem(t, lifecycleStage, 100, true) },
    names: ['lifecycleStage'] as const,
    send: () => save(instance, { lifecycleStage }),
    onSent: () => {
      draft.forget();
      close();
    },
  });
  return (
    <FormDialog title={t('instances.stage.own')} submit={t('action.save')} {...form.dialog} onClose={close}>
      <Field
        {...dataField}
        autoFocus
        isRequired
        dir="auto"
        label={t('instances.stage')}
        help={t('instances.stage.help')}
        value={draft.values.stage}
        problem={form.inputs.problems.lifecycleStage}
        onChange={(stage) => form.inputs.onChange({ stage })}
      />
    </FormDialog>
  );
}

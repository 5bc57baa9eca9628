import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import { lineProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { instanceQuery } from './instances-api';
import { useStateChange } from './use-state-change';

/** At `/instances/…/stage`: a lifecycle stage in one's own words. */
export function StageDialog(): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { instance: reference } = useParams({ strict: false }) as { instance: string };
  const { data: instance } = useSuspenseQuery(instanceQuery(reference));
  const change = useStateChange(reference);
  const [stage, setStage] = useState(instance.lifecycleStage ?? '');
  const [attempt, setAttempt] = useState(0);
  const problem = lineProblem(t, stage.trim(), 100, true);
  const close = (): void =>
    void navigate({ to: '/instances/$instance', params: { instance: reference } as never, replace: true });
  return (
    <FormDialog
      title={t('instances.stage.own')}
      submit={t('action.save')}
      isPending={false}
      error={undefined}
      attempt={attempt}
      onClose={close}
      onSubmit={() => {
        setAttempt((count) => count + 1);
        if (problem) return;
        close();
        void change(instance, { lifecycleStage: stage.trim() });
      }}
    >
      <Field
        autoFocus
        isRequired
        dir="auto"
        autoComplete="off"
        validationBehavior="aria"
        label={t('instances.stage')}
        help={t('instances.stage.help')}
        value={stage}
        problem={attempt > 0 ? problem : undefined}
        onChange={setStage}
      />
    </FormDialog>
  );
}

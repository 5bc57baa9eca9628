import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { Select } from '../ui/select';
import type { Instance } from './instances-api';
import { isOtherStage, useStageChoices } from './stage-filter';
import type { Status } from './statuses';
import { STATUSES } from './statuses';
import { useStateChange } from './use-state-change';

/** How the instance is and where it is in its life, changed in place. */
export function StateFields({ instance, reference }: { instance: Instance; reference: string }): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const refusal = useRefusal('write:instances');
  const { change } = useStateChange(reference);
  const { status, lifecycleStage } = instance;
  const stages = useStageChoices(lifecycleStage);
  const statuses = STATUSES.map((value) => ({ value, text: t(`instances.status.${value}`) }));
  const choices = lifecycleStage
    ? stages
    : [{ value: '', text: t('instances.stage.none'), isDisabled: true }, ...stages];
  return (
    <div className="state-row">
      <Select
        label={t('instances.status')}
        choices={statuses}
        value={(status ?? 'HEALTHY') as Status}
        isDisabled={refusal !== undefined}
        onChange={(next) => void change(instance, { status: next })}
      />
      <Select
        label={t('instances.stage')}
        choices={choices}
        value={lifecycleStage ?? ''}
        isDisabled={refusal !== undefined}
        help={refusal}
        onChange={(next) =>
          isOtherStage(next)
            ? void navigate({ to: '/instances/$instance/stage', params: { instance: reference } as never })
            : void change(instance, { lifecycleStage: next })
        }
      />
    </div>
  );
}

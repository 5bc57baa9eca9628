import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Select } from '../ui/select';
import { STAGES } from './instances-api';
import { stageText } from './words';
import '../ui/field.css';

const OTHER = '…';

/** The stages that the API suggests, the present one, and the way to others. */
export function useStageChoices(present: string | undefined): { readonly value: string; readonly text: string }[] {
  const { t } = useI18n();
  const stages = [...new Set<string>([...STAGES, ...(present ? [present] : [])])];
  return [
    ...stages.map((value) => ({ value, text: stageText(t, value) })),
    { value: OTHER, text: t('instances.stage.other') },
  ];
}

export const isOtherStage = (value: string): boolean => value === OTHER;

interface StageFilterProps {
  readonly stage: string | undefined;
  readonly onChange: (stage: string | undefined) => void;
}

/** Narrows a list to a lifecycle stage: one that the API suggests, or one of the organization's own words. */
export function StageFilter({ stage, onChange }: StageFilterProps): ReactNode {
  const { t } = useI18n();
  const [isTyping, setTyping] = useState(false);
  const choices = useStageChoices(stage);
  if (isTyping) {
    return (
      <input
        className="input stage-input"
        autoFocus
        maxLength={100}
        aria-label={t('instances.stage.own')}
        placeholder={t('instances.stage.own')}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') currentTarget.blur();
          else if (key === 'Escape') setTyping(false);
        }}
        onBlur={({ target }) => {
          setTyping(false);
          if (target.value.trim()) onChange(target.value.trim());
        }}
      />
    );
  }
  return (
    <Select
      hideLabel
      label={t('instances.stage')}
      choices={[{ value: '', text: t('instances.stage.all') }, ...choices]}
      value={stage ?? ''}
      onChange={(value) => (isOtherStage(value) ? setTyping(true) : onChange(value || undefined))}
    />
  );
}

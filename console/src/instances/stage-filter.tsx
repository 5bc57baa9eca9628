import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Translate } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { Select } from '../ui/select';
import { STAGES, stagesQuery } from './instances-api';
import { stageText } from './words';
import '../ui/field.css';

// A stage may be any words; none has a character that cannot be seen.
const OTHER = '\u0000other';
const NONE = '\u0000none';

const choiceOf = (t: Translate) => (value: string) => ({ value, text: stageText(t, value) });
const otherChoice = (t: Translate) => ({ value: OTHER, text: t('instances.stage.other') });

/** What an instance may be given: the stages that the API suggests, those that others have, its own, and the way to new ones. */
export function useStageChoices(present: string | undefined): { readonly value: string; readonly text: string }[] {
  const { t } = useI18n();
  const { data } = useQuery(stagesQuery);
  const used = (data?.items ?? []).map(({ name }) => name);
  const stages = [...new Set<string>([...STAGES, ...used, ...(present ? [present] : [])])];
  return [...stages.map(choiceOf(t)), otherChoice(t)];
}

export const isOtherStage = (value: string): boolean => value === OTHER;

export interface StageWanted {
  readonly stage?: string;
  /** `false`: those that have none. */
  readonly hasLifecycleStage?: string;
}

interface StageFilterProps {
  readonly wanted: StageWanted;
  readonly onChange: (wanted: StageWanted) => void;
}

/** Narrows a list to a lifecycle stage that instances have, or to those that have none. */
export function StageFilter({ wanted: { stage, hasLifecycleStage }, onChange }: StageFilterProps): ReactNode {
  const { t } = useI18n();
  const [isTyping, setTyping] = useState(false);
  const { data } = useQuery(stagesQuery);
  const used = (data?.items ?? []).map(({ name }) => name);
  const stages = [...new Set([...used, ...(stage ? [stage] : [])])];
  if (isTyping) {
    return <StageInput onStage={(typed) => typed && onChange({ stage: typed })} onEnd={() => setTyping(false)} />;
  }
  return (
    <Select
      hideLabel
      label={t('instances.stage')}
      choices={[
        { value: '', text: t('instances.stage.all') },
        ...stages.map(choiceOf(t)),
        { value: NONE, text: t('instances.stage.none') },
        ...(data?.hasMore ? [otherChoice(t)] : []),
      ]}
      value={stage || (hasLifecycleStage === 'false' ? NONE : '')}
      onChange={(value) => {
        if (isOtherStage(value)) setTyping(true);
        else onChange(value === NONE ? { hasLifecycleStage: 'false' } : { stage: value });
      }}
    />
  );
}

/** For an organization with more stages than a list shows. */
function StageInput({ onStage, onEnd }: { onStage: (stage: string) => void; onEnd: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <input
      className="input stage-input"
      autoFocus
      maxLength={100}
      aria-label={t('instances.stage.own')}
      placeholder={t('instances.stage.own')}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') currentTarget.blur();
        else if (key === 'Escape') onEnd();
      }}
      onBlur={({ target }) => {
        onEnd();
        onStage(target.value.trim());
      }}
    />
  );
}

import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import type { StepDraft } from './flag-draft';
import { At } from './place';
import type { StrategyFieldsProps } from './use-flag-form';
import { VariantSelect } from './variant-select';

/** A time as a field of a browser has it, in the reader's zone. */
function localOf(date: string): string {
  const time = new Date(date);
  if (Number.isNaN(time.getTime())) return '';
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function dateOf(local: string): string {
  const time = new Date(local);
  return local === '' || Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

/** From one variant to another between two times. */
export function StepsFields(props: StrategyFieldsProps): ReactNode {
  const { t } = useI18n();
  return (
    <>
      <p className="soft small">{t('flags.step.text')}</p>
      <div className="flag-steps">
        <StepFields {...props} which="start" />
        <StepFields {...props} which="end" />
      </div>
    </>
  );
}

function StepFields({
  form,
  at,
  strategy,
  onChange,
  which,
}: StrategyFieldsProps & { which: 'start' | 'end' }): ReactNode {
  const { t } = useI18n();
  const { problemAt, refusal } = form;
  const step = strategy[which];
  const place = `${at}/${which}`;
  const set = (fields: Partial<StepDraft>): void => onChange({ [which]: { ...step, ...fields } });
  const utc = step.date ? t('time.utc', { time: step.date.slice(0, 16).replace('T', ' ') }) : undefined;
  return (
    <fieldset className="flag-step">
      <legend className="label">{t(`flags.step.${which}`)}</legend>
      <At place={`${place}/date`}>
        <Field
          isRequired
          validationBehavior="aria"
          type="datetime-local"
          label={t('flags.step.date')}
          help={utc}
          isReadOnly={refusal !== undefined}
          value={localOf(step.date)}
          problem={problemAt(`${place}/date`)}
          onChange={(local) => set({ date: dateOf(local) })}
        />
      </At>
      <VariantSelect
        form={form}
        place={`${place}/variant`}
        label={t(`flags.step.${which}.variant`)}
        value={step.variant}
        onChange={(variant) => set({ variant })}
      />
      <At place={`${place}/percentage`}>
        <Field
          isRequired
          validationBehavior="aria"
          inputMode="numeric"
          autoComplete="off"
          label={t('flags.step.percentage')}
          isReadOnly={refusal !== undefined}
          value={step.percentage}
          problem={problemAt(`${place}/percentage`)}
          onChange={(percentage) => set({ percentage })}
        />
      </At>
    </fieldset>
  );
}

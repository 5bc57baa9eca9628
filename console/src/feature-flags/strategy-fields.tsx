import type { ReactNode } from 'react';
import { useId } from 'react';
import { useI18n } from '../i18n/i18n';
import { SharesFields } from './shares-fields';
import { StepsFields } from './steps-fields';
import type { StrategyFieldsProps } from './use-flag-form';
import { VariantSelect } from './variant-select';

const KINDS = ['basic', 'rollout_percentage', 'rollout_date'] as const;

/** What somebody gets: one variant, a share of them, or one after the other. */
export function StrategyFields(props: StrategyFieldsProps): ReactNode {
  const { form, at, strategy, onChange } = props;
  const { t } = useI18n();
  const id = useId();
  return (
    <div className="stack">
      <fieldset className="flag-kinds">
        <legend className="label">{t('flags.kind')}</legend>
        <div className="flag-kinds-choices">
          {KINDS.map((kind) => (
            <label key={kind} className="flag-kind">
              <input
                type="radio"
                name={id}
                checked={strategy.kind === kind}
                disabled={form.refusal !== undefined}
                onChange={() => onChange({ kind })}
              />
              <span>{t(`flags.kind.${kind}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {strategy.kind === 'basic' && (
        <VariantSelect
          form={form}
          place={`${at}/variant`}
          label={t('flags.variant')}
          value={strategy.variant}
          onChange={(variant) => onChange({ variant })}
        />
      )}
      {strategy.kind === 'rollout_percentage' && <SharesFields {...props} />}
      {strategy.kind === 'rollout_date' && <StepsFields {...props} />}
    </div>
  );
}

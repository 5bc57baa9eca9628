import type { ReactNode } from 'react';
import { useId } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { visibleName } from '../ui/name';
import { asPercent, numberIn, sumOf } from './flag-shares';
import { percent } from './flag-words';
import { At } from './place';
import type { StrategyFieldsProps } from './use-flag-form';

/** A share for each variant, and whether they are the whole, told while one types. */
export function SharesFields({ form, at, strategy: { shares }, onChange }: StrategyFieldsProps): ReactNode {
  const { t, language } = useI18n();
  const { draft, problemAt, refusal } = form;
  const keys = draft.variants.map(({ key }) => key);
  const sum = sumOf(shares, keys);
  const isPercent = shares.unit === 'percent';
  const missing = Math.round((100 - sum) * 100) / 100;
  const id = useId();
  const set = (key: string, text: string): void =>
    onChange({ shares: { ...shares, of: { ...shares.of, [key]: text } } });
  const said = !isPercent
    ? t('flags.share.weights')
    : missing === 0
      ? t('flags.share.whole')
      : missing > 0
        ? t('flags.share.missing', { sum, missing })
        : t('flags.share.over', { sum, over: -missing });
  return (
    <fieldset className="flag-shares">
      <legend className="label">{t(isPercent ? 'flags.shares' : 'flags.weights')}</legend>
      {draft.variants.map(({ key, name }, index) => {
        const text = shares.of[key] ?? '';
        const share = sum > 0 ? (numberIn(text) ?? 0) / (isPercent ? 100 : sum) : 0;
        const problem = problemAt(`${at}/shares/${key}`);
        const label = name.trim() ? visibleName(name) : t('flags.variant.nameless', { position: index + 1 });
        return (
          <At key={key} place={`${at}/shares/${key}`}>
            <div className="flag-share">
              <label htmlFor={`${id}-${key}`} title={label}>
                <bdi className="truncate">{label}</bdi>
              </label>
              <span className="flag-share-box">
                <input
                  id={`${id}-${key}`}
                  className="input"
                  inputMode="decimal"
                  autoComplete="off"
                  value={text}
                  placeholder="0"
                  readOnly={refusal !== undefined}
                  aria-invalid={problem !== undefined || undefined}
                  aria-describedby={`${id}-sum${problem ? ` ${id}-${key}-problem` : ''}`}
                  onChange={(event) => set(key, event.target.value)}
                />
                {isPercent && <span aria-hidden="true">%</span>}
              </span>
              <span className="flag-share-bar" aria-hidden="true">
                <span style={{ width: `${Math.min(share, 1) * 100}%` }} />
              </span>
              {!isPercent && <span className="soft small">{percent(share, language)}</span>}
            </div>
            {problem && (
              <p id={`${id}-${key}-problem`} className="field-error small">
                {problem}
              </p>
            )}
          </At>
        );
      })}
      <At place={`${at}/shares`}>
        <div className="row">
          <span
            id={`${id}-sum`}
            role="status"
            className={`small ${isPercent && missing !== 0 ? 'flag-share-wrong' : 'soft'}`}
          >
            {said}
          </span>
          {refusal === undefined && (!isPercent || (missing !== 0 && sum > 0)) && (
            <Button small kind="quiet" onPress={() => onChange({ shares: asPercent(shares, keys) })}>
              {t(isPercent ? 'flags.share.scale' : 'flags.share.toPercent')}
            </Button>
          )}
          {refusal === undefined && isPercent && sum === 0 && (
            <Button small kind="quiet" onPress={() => onChange({ shares: asPercent(shares, keys) })}>
              {t('flags.share.even')}
            </Button>
          )}
        </div>
        {problemAt(`${at}/shares`) && <p className="field-error small">{problemAt(`${at}/shares`)}</p>}
      </At>
    </fieldset>
  );
}

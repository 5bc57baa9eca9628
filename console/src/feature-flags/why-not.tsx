import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { isolated, Name, visibleName } from '../ui/name';
import { Select } from '../ui/select';
import { Time } from '../ui/time';
import type { Explanation, WhyNotReason } from './insight-api';

interface WhyNotProps {
  readonly explanation: Explanation;
  readonly variants: readonly string[];
  readonly onChoose: (variant: string | undefined) => void;
}

/** For a variant that was not given: why each place that could give it did not. */
export function WhyNot({ explanation, variants, onChoose }: WhyNotProps): ReactNode {
  const { t } = useI18n();
  const { whyNot, variant, matchedRule } = explanation;
  const choices = variants.filter((name) => name !== variant).map((name) => ({ value: name, text: visibleName(name) }));
  return (
    <div className="why-not">
      <Select
        inline
        label={t('whyNot.label')}
        choices={[{ value: '', text: t('whyNot.choose') }, ...choices]}
        value={whyNot?.variant ?? ''}
        onChange={(name) => onChoose(name || undefined)}
      />
      {whyNot && (
        <ul className="why-not-reasons" aria-live="polite">
          {whyNot.reasons.map((reason) => (
            <li key={`${reason.targeting ?? ''} ${reason.because}`}>
              <Reason reason={reason} matched={matchedRule} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Reason({ reason, matched }: { reason: WhyNotReason; matched: string | undefined }): ReactNode {
  const { t, language } = useI18n();
  const { because, targeting, bucket = 0, ranges = [], from } = reason;
  const shares = ranges.map((range) => `${number(range.from)}–${number(range.to - 1)}`).join(', ');
  const words = t(`whyNot.${because}`, { matched: isolated(matched), bucket, ranges: shares });
  return (
    <>
      {because !== 'flag_disabled' && because !== 'nothing_gives_it' && (
        <strong>{targeting === undefined ? t('tryIt.default') : <Name text={targeting} />}: </strong>
      )}
      {words}
      {from && (
        <>
          {' '}
          <Time at={from} exact />
        </>
      )}
    </>
  );

  function number(value: number): string {
    return value.toLocaleString(language);
  }
}

import type { ReactNode } from 'react';
import { offsetOf } from '../editors/rule-checks';
import { useI18n } from '../i18n/i18n';
import { Name } from '../ui/name';
import { ExplainedStep } from './explained-step';
import type { ExplainedTargeting } from './insight-api';

/** What became of a targeting; of a broken one, where and why. */
export function ExplainedTargetingStep({
  targeting,
  rule,
}: {
  targeting: ExplainedTargeting;
  rule?: string;
}): ReactNode {
  const { t } = useI18n();
  const { name, outcome, because, message, line, column } = targeting;
  const text =
    outcome === 'broken'
      ? (message ?? t('tryIt.broken.redacted'))
      : outcome === 'skipped'
        ? t(`tryIt.skipped.${because ?? 'budget_spent'}`)
        : t(`tryIt.outcome.${outcome}`);
  const place = line && column ? t('tryIt.broken.where', { line, column, message: text }) : text;
  return (
    <ExplainedStep kind={outcome} title={<Name text={name} />} text={<span dir="auto">{place}</span>}>
      {rule !== undefined && (
        <details className="step-more" open={outcome === 'broken'}>
          <summary>{t('tryIt.rule')}</summary>
          <pre dir="ltr">{line && column ? <Marked rule={rule} at={offsetOf(rule, line, column)} /> : rule}</pre>
        </details>
      )}
    </ExplainedStep>
  );
}

/** From where it failed to the end of the word. */
function Marked({ rule, at }: { rule: string; at: number }): ReactNode {
  const length = /^(?:\w+|[\s\S])/u.exec(rule.slice(at))?.[0].length ?? 0;
  return (
    <>
      {rule.slice(0, at)}
      <mark>{rule.slice(at, at + length)}</mark>
      {rule.slice(at + length)}
    </>
  );
}

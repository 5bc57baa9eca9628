import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Name } from '../ui/name';
import { ExplainedFacts } from './explained-facts';
import { ExplainedStep } from './explained-step';
import { ExplainedStrategy } from './explained-strategy';
import { ExplainedTargetingStep } from './explained-targeting';
import type { Flag } from './flags-api';
import type { Explanation } from './insight-api';
import { WhyNot } from './why-not';

interface ExplainedPathProps {
  readonly explanation: Explanation;
  /** Undefined while it is read. */
  readonly flag: Flag | undefined;
  /** The context has changed since. */
  readonly isOld: boolean;
  readonly isPending: boolean;
  readonly onWhyNot: (variant: string | undefined) => void;
}

/** An evaluation step by step, in the order in which it went. */
export function ExplainedPath({ explanation, flag, isOld, isPending, onWhyNot }: ExplainedPathProps): ReactNode {
  const { t } = useI18n();
  const { targetings, decidedBy, reason, variant, errorDetails } = explanation;
  const variants = flag?.variants?.map(({ name }) => name) ?? [];
  const ruleOf = (name: string): string | undefined => flag?.targetings?.find((one) => one.name === name)?.rule;
  return (
    <div className={isOld || isPending ? 'path-frame path-old' : 'path-frame'}>
      {isOld && <p className="soft small">{t('tryIt.old')}</p>}
      <div className="path-answer" role="status">
        <span className="soft small">{t('tryIt.answer')}</span>
        <strong className="path-variant">{variant === undefined ? t('tryIt.failed') : <Name text={variant} />}</strong>
        <Badge kind={reason === 'ERROR' ? 'bad' : 'accent'}>{reason}</Badge>
        {variant !== undefined && <code className="path-value">{JSON.stringify(explanation.value)}</code>}
        <p className="path-reason">{errorDetails ?? t(`tryIt.reason.${reason}`)}</p>
      </div>
      <ol className="path">
        <ExplainedFacts explanation={explanation} />
        {reason === 'DISABLED' && <ExplainedStep kind="skipped" title={t('tryIt.disabled')} />}
        {targetings.map((targeting) => (
          <ExplainedTargetingStep key={targeting.name} targeting={targeting} rule={ruleOf(targeting.name)} />
        ))}
        {targetings.length === 0 && <ExplainedStep kind="skipped" title={t('tryIt.noTargetings')} />}
        <ExplainedStep
          kind={decidedBy === 'default' ? (reason === 'ERROR' ? 'broken' : 'matched') : 'skipped'}
          title={t('tryIt.default')}
          text={decidedBy === 'default' ? t('tryIt.default.asked') : t('tryIt.default.notAsked')}
        />
        {decidedBy && explanation.strategy && <ExplainedStrategy explanation={explanation} />}
      </ol>
      {variants.length > 1 && <WhyNot explanation={explanation} variants={variants} onChoose={onWhyNot} />}
    </div>
  );
}

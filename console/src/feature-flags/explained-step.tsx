import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import type { IconName } from '../ui/icon';
import { Icon } from '../ui/icon';

export type Outcome = 'matched' | 'not_matched' | 'broken' | 'skipped';

const ICONS = {
  matched: 'check',
  not_matched: 'close',
  broken: 'warning',
  skipped: 'more',
} as const satisfies Record<Outcome, IconName>;

interface ExplainedStepProps {
  readonly kind: Outcome | 'start';
  readonly title: ReactNode;
  readonly text?: ReactNode;
  readonly children?: ReactNode;
}

/** One station of the way. Its sign says to the eye what its text says as well. */
export function ExplainedStep({ kind, title, text, children }: ExplainedStepProps): ReactNode {
  const { t } = useI18n();
  return (
    <li className={`step step-${kind}`}>
      <span className="step-sign">
        <Icon name={kind === 'start' ? 'person' : ICONS[kind]} size={14} />
        {kind !== 'start' && <span className="visually-hidden">{t(`tryIt.outcome.${kind}`)}: </span>}
      </span>
      <div className="step-body">
        <div className="step-title">{title}</div>
        {text && <p className="soft small step-text">{text}</p>}
        {children}
      </div>
    </li>
  );
}

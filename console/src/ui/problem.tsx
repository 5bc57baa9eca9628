import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useConnectionLost } from '../api/signals';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import './problem.css';

/**
 * An error in words, with what helps whoever is asked about it. That the server cannot be reached is said until it can be: from then on,
 * calmly, that what was tried can be tried again.
 */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { t } = useI18n();
  const isLost = useConnectionLost();
  const problem = error instanceof ApiError ? error : undefined;
  const isOver = problem?.isUnreachable === true && !isLost;
  const unreachable = t(isOver ? 'error.network.over' : 'error.network');
  const text = problem ? (problem.isUnreachable ? unreachable : problem.message) : t('error.crash');
  const words = (
    <>
      <strong>{t('error.title')}</strong>
      <p>{text}</p>
      {problem?.requestId && <p className="small">{t('error.requestId', { id: problem.requestId })}</p>}
    </>
  );
  return (
    <div className={isOver ? 'problem problem-over' : 'problem'}>
      {!isOver && <div role="alert">{words}</div>}
      <div role="status">{isOver && words}</div>
      {onRetry && (
        <Button small onPress={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}

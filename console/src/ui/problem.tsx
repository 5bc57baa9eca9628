import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { ApiError } from '../api/client';
import { isConnectionLost, onConnection } from '../api/signals';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import './problem.css';

/** An error in words, with what helps whoever is asked about it. That the server cannot be reached is said until it can be. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { t } = useI18n();
  const isOver = useIsOver(error);
  if (isOver && !onRetry) return null;
  const problem = error instanceof ApiError ? error : undefined;
  const text = problem ? (problem.isUnreachable ? t('error.network') : problem.message) : t('error.crash');
  return (
    <div className="problem" role="alert">
      <div>
        <strong>{t('error.title')}</strong>
        <p>{text}</p>
        {problem?.requestId && <p className="small">{t('error.requestId', { id: problem.requestId })}</p>}
      </div>
      {onRetry && (
        <Button small onPress={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}

/** Whether an error was that the server could not be reached, which it was again since the error was first shown. */
function useIsOver(error: unknown): boolean {
  const [past, setPast] = useState<unknown>();
  useEffect(() => {
    if (!(error instanceof ApiError && error.isUnreachable)) return undefined;
    return onConnection(() => !isConnectionLost() && setPast(error));
  }, [error]);
  return error !== undefined && error === past;
}

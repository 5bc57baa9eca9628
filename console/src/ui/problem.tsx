import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import './problem.css';

/** An error in words, with what helps whoever is asked about it. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { t } = useI18n();
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

import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { Page } from '../ui/page';
import { ProblemNote } from '../ui/problem';

export function Missing(): ReactNode {
  const { t } = useI18n();
  return (
    <Page title={t('error.notFound.title')} intro={t('error.notFound.text')}>
      <p>
        <Link to="/">{t('nav.home')}</Link>
      </p>
    </Page>
  );
}

export function Crash({ error, reset }: { error: unknown; reset: () => void }): ReactNode {
  const queries = useQueryErrorResetBoundary();
  if (error instanceof ApiError && error.status === 404) return <Missing />;
  return (
    <div className="page">
      <ProblemNote
        error={error}
        onRetry={() => {
          queries.reset();
          reset();
        }}
      />
    </div>
  );
}

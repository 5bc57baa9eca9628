import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Missing } from '../app/fallbacks';
import { useI18n } from '../i18n/i18n';
import { Page } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { AccountTrail } from './account-trail';

interface UnreadProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** In place of a page whose account has not been read yet, or cannot be. */
export function Unread({ error, onRetry }: UnreadProps): ReactNode {
  const { t } = useI18n();
  if (error instanceof ApiError && error.status === 404) return <Missing />;
  return (
    <Page title={t('accounts.title')} above={<AccountTrail />}>
      {error ? <ProblemNote error={error} onRetry={onRetry} /> : <Skeleton lines={8} />}
    </Page>
  );
}

import type { ReactNode } from 'react';
import { isMissing } from '../api/client';
import { Missing } from '../app/fallbacks';
import { Page } from './page';
import { ProblemNote } from './problem';
import { Skeleton } from './skeleton';

interface UnreadProps {
  readonly title: string;
  readonly above: ReactNode;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** In place of a page whose subject has not been read yet, or cannot be. */
export function Unread({ title, above, error, onRetry }: UnreadProps): ReactNode {
  if (isMissing(error)) return <Missing />;
  return (
    <Page title={title} above={above}>
      {error ? <ProblemNote error={error} onRetry={onRetry} /> : <Skeleton lines={8} />}
    </Page>
  );
}

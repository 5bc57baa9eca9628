import type { ReactNode } from 'react';
import type { Pages } from '../api/use-cursor-page';
import { Pager } from '../ui/pager';
import { PastEnd } from '../ui/past-end';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import type { HeldToken, Token } from './token-queries';
import { TokenRow } from './token-row';

interface TokenListProps {
  readonly label: string;
  readonly pages: Pages<Token | HeldToken>;
  /** Of the account that holds them all; otherwise each row says which does. */
  readonly account?: string;
  readonly empty: ReactNode;
}

export function TokenList({ label, pages, account, empty }: TokenListProps): ReactNode {
  const { rows, error, isStale, retry } = pages;
  if (error && !rows) return <ProblemNote error={error} onRetry={retry} />;
  if (!rows) return <Skeleton lines={3} height={132} />;
  if (rows.length === 0 && !isStale) return pages.page > 1 ? <PastEnd /> : empty;
  return (
    <div className="stack">
      <ul className={`token-list${isStale ? ' token-list-stale' : ''}`} aria-label={label} aria-busy={isStale}>
        {rows.map((token) => (
          <TokenRow key={token.id} token={token} account={account} />
        ))}
      </ul>
      <Pager pages={pages} />
    </div>
  );
}

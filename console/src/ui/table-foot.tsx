import type { ReactNode } from 'react';
import type { Pages } from '../api/use-page';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { PagerFoot } from './pager';
import { ProblemNote } from './problem';

/** How many there are, how many of them one sees, and more of them. */
export function TableFoot({ pages }: { pages: Pages<unknown> }): ReactNode {
  const { t, language } = useI18n();
  const { rows, total, totalIsLowerBound, hasMore, isLoadingMore, error, more, retry } = pages;
  if (pages.pager) return <PagerFoot pages={pages} pager={pages.pager} />;
  const all = totalIsLowerBound ? t('list.atLeast', { count: total }) : total.toLocaleString(language);
  return (
    <>
      {Boolean(error) && <ProblemNote error={error} onRetry={retry} />}
      <div className="table-foot">
        <span className="soft small" role="status">
          {rows && (hasMore ? t('list.shown', { shown: rows.length, total: all }) : t('list.total', { count: total }))}
        </span>
        {hasMore && (
          <Button small isPending={isLoadingMore} onPress={more}>
            {t(isLoadingMore ? 'list.loadingMore' : 'action.more')}
          </Button>
        )}
      </div>
    </>
  );
}

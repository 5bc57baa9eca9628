import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Pages } from '../api/use-cursor-page';
import type { Search } from '../app/search';
import { useI18n } from '../i18n/i18n';
import { ProblemNote } from './problem';
import './button.css';
import './pager.css';

/** Which rows of how many are shown, and links to the pages around them. */
export function Pager({ pages }: { pages: Pages<unknown> }): ReactNode {
  const { t, language } = useI18n();
  const { rows, total, totalIsLowerBound, error, retry, page, size, next, trail } = pages;
  const all = totalIsLowerBound ? t('list.atLeast', { count: total }) : total.toLocaleString(language);
  const from = (page - 1) * size + 1;
  const isWhole = page === 1 && next === undefined;
  const isPaged = rows && !isWhole;
  return (
    <>
      {Boolean(error) && <ProblemNote error={error} onRetry={retry} />}
      <div className="table-foot">
        <span className="soft small" role="status">
          {rows && isWhole && t('list.total', { count: total })}
          {isPaged && t('pager.range', { from, to: from + Math.max(rows.length - 1, 0), total: all })}
        </span>
        {isPaged && (
          <nav className="pager" aria-label={t('pager.label')}>
            {(page > 2 || (page === 2 && trail.length === 0)) && (
              <PageLink text={t('pager.first')} cursor="" page={1} trail={[]} isOff={false} />
            )}
            <PageLink
              text={t('pager.previous')}
              cursor={trail.at(-1)}
              page={page - 1}
              trail={trail.slice(0, -1)}
              isOff={trail.length === 0}
            />
            <NextLink text={t('pager.next')} pages={pages} />
          </nav>
        )}
      </div>
    </>
  );
}

function NextLink({ text, pages: { page, next, trail } }: { text: string; pages: Pages<unknown> }): ReactNode {
  const { cursor = '' } = useRouterState({ select: ({ location }) => location.search as Search });
  const before = cursor !== '' && trail.length === 0 ? [] : [...trail, cursor];
  return <PageLink text={text} cursor={next} page={page + 1} trail={before} isOff={next === undefined} />;
}

interface PageLinkProps {
  readonly text: string;
  readonly cursor: string | undefined;
  readonly page: number;
  readonly trail: readonly string[];
  readonly isOff: boolean;
}

function PageLink({ text, cursor, page, trail, isOff }: PageLinkProps): ReactNode {
  if (isOff) {
    return (
      <span className="button button-small button-refused" aria-disabled="true">
        {text}
      </span>
    );
  }
  const search = (now: Search): Search => ({ ...now, cursor: cursor ?? '', page: cursor ? String(page) : '' });
  return (
    <Link to="." search={search as never} state={{ trail } as never} className="button button-small">
      {text}
    </Link>
  );
}

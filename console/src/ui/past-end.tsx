import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Search } from '../app/search';
import { useI18n } from '../i18n/i18n';
import { Empty } from './page';

/** In place of a page of a list that has become shorter than its address says. */
export function PastEnd(): ReactNode {
  const { t } = useI18n();
  const toFirst = (now: Search): Search => ({ ...now, cursor: '', page: '' });
  return (
    <Empty
      title={t('pager.over')}
      action={
        <Link to="." search={toFirst as never} className="button">
          {t('pager.first')}
        </Link>
      }
    />
  );
}

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import type { Problems } from './flag-places';
import { pageOf } from './flag-places';
import './flag-tabs.css';

const TABS = ['variants', 'targeting', 'settings', 'try'] as const;

/** Whether the flag has a page of that name; what has none is a dialog over the overview. */
export const isTab = (name: string): boolean => name === 'compare' || (TABS as readonly string[]).includes(name);

/** The flag's pages, with how many fields on each need another look. */
export function FlagTabs({ reference, problems }: { reference: string; problems: Problems }): ReactNode {
  const { t } = useI18n();
  const count = (tab: string): number => [...problems.keys()].filter((place) => pageOf(place) === tab).length;
  return (
    <nav className="flag-tabs" aria-label={t('flags.tabs')}>
      {(['overview', ...TABS] as const).map((tab) => (
        <Link
          key={tab}
          to={(tab === 'overview' ? '/feature-flags/$flag' : `/feature-flags/$flag/${tab}`) as never}
          params={{ flag: reference } as never}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {t(`flags.tab.${tab}`)}
          {count(tab) > 0 && <Badge kind="bad">{count(tab)}</Badge>}
        </Link>
      ))}
    </nav>
  );
}

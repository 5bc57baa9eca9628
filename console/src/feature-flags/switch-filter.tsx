import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Narrowing } from '../ui/narrowing';
import { flagCountsQuery } from './flags-api';

/** Narrows the list to the flags that are on, or to those that are off. */
export function SwitchFilter(): ReactNode {
  const { t } = useI18n();
  const { data: counts } = useQuery(flagCountsQuery);
  const all = counts && counts.enabled + counts.disabled;
  return (
    <Narrowing
      label={t('flags.enabled')}
      choices={[
        { id: 'all', text: t('flags.filter.all'), count: all, search: { enabled: undefined } },
        { id: 'on', text: t('flags.on'), count: counts?.enabled, search: { enabled: 'true' } },
        { id: 'off', text: t('flags.off'), count: counts?.disabled, search: { enabled: 'false' } },
      ]}
    />
  );
}

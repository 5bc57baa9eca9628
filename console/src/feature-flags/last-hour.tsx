import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { isolated } from '../ui/name';
import { lastHourQuery } from './flags-api';
import './last-hour.css';

/** Whom a change of the flag concerns: how often it was evaluated in the last hour, and what was given. */
export function LastHour({ reference }: { reference: string }): ReactNode {
  const { t, language } = useI18n();
  const { data, error } = useQuery(lastHourQuery(reference));
  const byVariant = new Map<string, number>();
  for (const { variant, total } of data?.series ?? []) {
    const name = variant === undefined ? t('flags.hour.failed') : isolated(variant);
    byVariant.set(name, (byVariant.get(name) ?? 0) + total);
  }
  const given = [...byVariant].map(([name, total]) => `${name} ${total.toLocaleString(language)}`).join(' · ');
  return (
    <div className="last-hour" role="status">
      {data && data.total > 0 && (
        <>
          <strong>{t('flags.hour', { count: data.total })}</strong>
          <p className="soft small">{given}</p>
        </>
      )}
      {data?.total === 0 && (
        <>
          <strong>{t(data.counting ? 'flags.hour.none' : 'flags.hour.off')}</strong>
          <p className="soft small">{t(data.counting ? 'flags.hour.none.text' : 'flags.hour.off.text')}</p>
        </>
      )}
      {!data && <p className="soft small">{t(error ? 'flags.hour.unknown' : 'app.loading')}</p>}
    </div>
  );
}

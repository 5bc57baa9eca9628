import type { ReactNode } from 'react';
import { use } from 'react';
import { localeOf, useI18n } from '../i18n/i18n';
import { InRow } from './in-row';
import './time.css';

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A time as people say it, in the reader's zone; pointing at it or focusing it shows it in UTC. */
export function Time({ at, exact = false }: { at: string | undefined | null; exact?: boolean }): ReactNode {
  const { t, language } = useI18n();
  const isInRow = use(InRow);
  if (!at) return <span className="soft">{t('time.never')}</span>;
  const date = new Date(at);
  const utc = t('time.utc', { time: date.toISOString().slice(0, 19).replace('T', ' ') });
  const full = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' }).format(date);
  return (
    <time dateTime={at} className="time" tabIndex={isInRow ? undefined : 0} data-tip={exact ? utc : `${full} · ${utc}`}>
      {exact ? full : relative(date, language)}
    </time>
  );
}

function relative(date: Date, language: string): string {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

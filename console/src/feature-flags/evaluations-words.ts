import type { Language, Translate } from '../i18n/i18n';
import { localeOf } from '../i18n/i18n';
import { visibleName } from '../ui/name';
import type { Evaluations, Shown } from './evaluations-query';

const DAY = 86_400;

export const nameOf = (t: Translate, { kind, name }: Shown): string =>
  kind === 'variant' ? visibleName(name) : t(`evaluations.${kind}`);

/** When each step began, in short for an axis and in full. Steps of a day are days in UTC, whatever the reader's zone. */
export function stepsOf({ from, to, step }: Evaluations, language: Language): { short: string; full: string }[] {
  const locale = localeOf(language);
  const zone = step >= DAY ? { timeZone: 'UTC' } : {};
  const isLong = Date.parse(to) - Date.parse(from) > 1_000 * DAY * 1.5;
  const short = new Intl.DateTimeFormat(locale, {
    ...zone,
    ...(isLong ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }),
  });
  const full = new Intl.DateTimeFormat(locale, {
    ...zone,
    dateStyle: 'medium',
    ...(step < DAY && { timeStyle: 'short' }),
  });
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 1_000 / step);
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.parse(from) + i * step * 1_000);
    return { short: short.format(at), full: full.format(at) };
  });
}

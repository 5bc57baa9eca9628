import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { tokenCountsQuery } from './token-queries';
import type { TokenState } from './token-words';
import './hygiene-cards.css';

const CARDS = ['permanent', 'expiring', 'idle', 'unused', 'violating'] as const satisfies readonly TokenState[];

/** How many of the organization's tokens deserve a look, and which. The one that is shown already leads back to all. */
export function HygieneCards({ current }: { current?: TokenState }): ReactNode {
  const { t, language } = useI18n();
  const { data, error } = useQuery(tokenCountsQuery());
  if (error) return null;
  return (
    <ul className="hygiene" aria-label={t('hygiene.title')}>
      {CARDS.map((state) => {
        const isCurrent = state === current;
        const count = data?.counts[state];
        return (
          <li key={state}>
            <Link
              to="/integrations/tokens"
              search={(isCurrent ? {} : { state }) as never}
              className={`hygiene-card${count ? ` hygiene-${state}` : ''}`}
            >
              <strong>{count === undefined ? '–' : count.toLocaleString(language)}</strong>
              <span>
                {t(`tokens.state.${state}`)}
                <Advice state={state} days={data?.days} />
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

interface AdviceProps {
  readonly state: (typeof CARDS)[number];
  readonly days: Readonly<Record<'expiring' | 'idle', number>> | undefined;
}

/** Until the days are known, what says them has its place and is not seen. */
function Advice({ state, days }: AdviceProps): ReactNode {
  const { t } = useI18n();
  const isOfDays = state === 'expiring' || state === 'idle';
  const isUnknown = isOfDays && days === undefined;
  return (
    <span className={`soft small${isUnknown ? ' hygiene-unknown' : ''}`}>
      {t(`hygiene.${state}`, isOfDays ? { count: days?.[state] ?? 10 } : undefined)}
    </span>
  );
}

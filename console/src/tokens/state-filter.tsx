import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import type { TokenCounts, TokenState } from './token-queries';
import { HYGIENE, STATES, tokenCountsQuery, totalOf } from './token-queries';
import './state-filter.css';

/** The states of one account's tokens; what deserves a look is there where there is any. */
export function AccountStates({ counts, current }: { counts: TokenCounts; current?: TokenState }): ReactNode {
  const notable = HYGIENE.filter((state) => state === current || counts[state] > 0);
  return <StateFilter states={[...STATES, ...notable]} counts={counts} />;
}

export function OrganizationStates(): ReactNode {
  const { data } = useQuery(tokenCountsQuery);
  return <StateFilter states={[...STATES, 'replaced']} counts={data} />;
}

interface StateFilterProps {
  readonly states: readonly TokenState[];
  readonly counts: TokenCounts | undefined;
}

function StateFilter({ states, counts }: StateFilterProps): ReactNode {
  const { t, language } = useI18n();
  const shown = (state: TokenState | undefined): string => {
    if (!counts) return '–';
    return (state ? counts[state] : totalOf(counts)).toLocaleString(language);
  };
  return (
    <ul className="states" aria-label={t('tokens.states')}>
      {[undefined, ...states].map((state) => (
        <li key={state ?? 'all'}>
          <Link
            to="."
            search={((now: object) => ({ ...now, state, cursor: undefined, page: undefined })) as never}
            replace
            resetScroll={false}
            activeOptions={{ explicitUndefined: true }}
          >
            {t(state ? `tokens.state.${state}` : 'tokens.state.all')} <span>{shown(state)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import type { Total, TokenState } from './token-queries';
import { accountCountsQuery, HYGIENE, STATES, tokenCountsQuery } from './token-queries';
import './state-filter.css';

type Totals = Readonly<Partial<Record<TokenState, Total>>>;

/** The states of one account's tokens; what deserves a look is there where there is any. */
export function AccountStates({ account, current }: { account: string; current?: TokenState }): ReactNode {
  const { data } = useQuery(accountCountsQuery(account));
  const notable = HYGIENE.filter((state) => state === current || (data?.[state].total ?? 0) > 0);
  return <StateFilter states={[...STATES, ...notable]} totals={data ?? {}} />;
}

export function OrganizationStates(): ReactNode {
  const { data } = useQuery(tokenCountsQuery);
  const totals = Object.fromEntries(Object.entries(data ?? {}).map(([state, total]) => [state, { total }]));
  return <StateFilter states={[...STATES, 'replaced']} totals={totals} />;
}

interface StateFilterProps {
  readonly states: readonly TokenState[];
  readonly totals: Totals;
}

function StateFilter({ states, totals }: StateFilterProps): ReactNode {
  const { t, language } = useI18n();
  const all = [totals.active, totals.expired, totals.revoked];
  const known = all.every((total) => total !== undefined);
  const total: Total | undefined = known
    ? {
        total: all.reduce((sum, one) => sum + one!.total, 0),
        totalIsLowerBound: all.some((one) => one!.totalIsLowerBound) || undefined,
      }
    : undefined;
  const shown = (one: Total | undefined): string =>
    one === undefined ? '–' : `${one.total.toLocaleString(language)}${one.totalIsLowerBound ? '+' : ''}`;
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
            {t(state ? `tokens.state.${state}` : 'tokens.state.all')}{' '}
            <span>{shown(state ? totals[state] : total)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

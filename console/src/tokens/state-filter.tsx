import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Narrowing } from '../ui/narrowing';
import type { TokenCounts } from './token-queries';
import { tokenCountsQuery, totalOf } from './token-queries';
import type { TokenState } from './token-words';
import { HYGIENE, STATES } from './token-words';

/** The states of one account's tokens; what deserves a look is there where there is any. */
export function AccountStates({ counts, current }: { counts: TokenCounts; current?: TokenState }): ReactNode {
  const notable = HYGIENE.filter((state) => state === current || counts[state] > 0);
  return <StateFilter states={[...STATES, ...notable]} counts={counts} />;
}

/** @param account of one account's tokens among all of them. */
export function OrganizationStates({ account }: { account: string | undefined }): ReactNode {
  const { data } = useQuery(tokenCountsQuery(account));
  return <StateFilter states={[...STATES, 'replaced']} counts={data?.counts} />;
}

interface StateFilterProps {
  readonly states: readonly TokenState[];
  readonly counts: TokenCounts | undefined;
}

function StateFilter({ states, counts }: StateFilterProps): ReactNode {
  const { t } = useI18n();
  const all = {
    id: 'all',
    text: t('tokens.state.all'),
    count: counts && totalOf(counts),
    search: { state: undefined },
  };
  const choices = states.map((state) => ({
    id: state,
    text: t(`tokens.state.${state}`),
    count: counts?.[state],
    search: { state },
  }));
  return <Narrowing label={t('tokens.states')} choices={[all, ...choices]} />;
}

import type { ReactNode } from 'react';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { Select } from '../ui/select';
import { SearchBox } from '../ui/search-box';
import { SORTS, sortOf } from './token-words';
import './token-tools.css';

interface TokenToolsProps {
  /** A `StateFilter`. */
  readonly states: ReactNode;
  /** An `AccountFilter`, in a list of all accounts' tokens. */
  readonly accounts?: ReactNode;
}

/** What narrows and orders a list of tokens, kept in the address. */
export function TokenTools({ states, accounts }: TokenToolsProps): ReactNode {
  const { t } = useI18n();
  return (
    <div className="stack">
      {states}
      <div className="token-tools">
        <div className="row token-filters">
          <SearchBox label={t('tokens.search')} />
          {accounts}
        </div>
        <TokenOrder />
      </div>
    </div>
  );
}

function TokenOrder(): ReactNode {
  const { t } = useI18n();
  const [{ sort }, change] = useSearchParameters();
  return (
    <Select
      inline
      label={t('list.sorting')}
      choices={SORTS.map((value) => ({ value, text: t(`tokens.sort.${value}`) }))}
      value={sortOf(sort)}
      onChange={(value) => change({ sort: value === SORTS[0] ? undefined : value })}
    />
  );
}

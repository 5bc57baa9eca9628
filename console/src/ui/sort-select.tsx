import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Select } from './select';

interface SortSelectProps {
  readonly columns: readonly { readonly id: string; readonly header: string; readonly sortBy?: string }[];
  readonly sort: string | undefined;
  readonly onSort: (sort: string) => void;
}

/** The order, where the screen is too narrow for headings. */
export function SortSelect({ columns, sort = '', onSort }: SortSelectProps): ReactNode {
  const { t } = useI18n();
  const choices = columns.flatMap(({ header, sortBy }) =>
    sortBy
      ? [
          { value: sortBy, text: t('list.ascending', { column: header }) },
          { value: `-${sortBy}`, text: t('list.descending', { column: header }) },
        ]
      : [],
  );
  if (choices.length === 0) return null;
  return (
    <div className="table-sort-select">
      <Select inline label={t('list.sorting')} choices={choices} value={sort} onChange={onSort} />
    </div>
  );
}

import type { ColumnDef } from '@tanstack/react-table';
import { flexRender, tableFeatures, useTable } from '@tanstack/react-table';
import type { MouseEvent, ReactNode } from 'react';
import { useMemo } from 'react';
import type { Pages } from '../api/use-cursor-page';
import { useI18n } from '../i18n/i18n';
import { Icon } from './icon';
import { InRow } from './in-row';
import { Pager } from './pager';
import { PastEnd } from './past-end';
import { ProblemNote } from './problem';
import { SortSelect } from './sort-select';
import './table.css';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** For the first column, usually a `RowLink`. */
  readonly cell: (row: T) => ReactNode;
  /** What the server calls the order by this column. */
  readonly sortBy?: string;
  /** Of CSS; the rest of the width is shared. */
  readonly width?: string;
  readonly align?: 'end';
  /** Buttons and menus: no heading is shown. */
  readonly isActions?: boolean;
}

interface TableProps<T extends object> {
  /** What is listed, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly pages: Pages<T>;
  readonly rowId: (row: T) => string;
  /** As the server has it: a name, with a minus for descending. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Instead of the table when there is nothing: `Empty`, or that nothing fits. */
  readonly empty: ReactNode;
  /** Rows of the skeleton. */
  readonly skeletonRows?: number;
}

const features = tableFeatures({});
const NO_ROWS: never[] = [];

/**
 * A list that the server orders and pages. Narrow screens get a card for each row; the roles keep saying that it is a table, which
 * browsers forget once rows are no longer laid out as such.
 */
export function Table<T extends object>(props: TableProps<T>): ReactNode {
  const { label, columns, pages, rowId, sort, onSort, empty, skeletonRows = 8 } = props;
  const { t } = useI18n();
  const definitions = useMemo(
    () =>
      columns.map(({ id, header, cell }): ColumnDef<typeof features, T> => ({
        id,
        header,
        cell: ({ row }) => cell(row.original),
      })),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: (pages.rows ?? NO_ROWS) as T[], getRowId: rowId });
  const columnOf = (id: string): Column<T> => columns.find((column) => column.id === id)!;
  if (pages.error && !pages.rows) return <ProblemNote error={pages.error} onRetry={pages.retry} />;
  if (pages.rows?.length === 0 && !pages.isStale) return pages.page > 1 ? <PastEnd /> : empty;
  return (
    <div className="table-frame">
      {onSort && <SortSelect columns={columns} sort={sort} onSort={onSort} />}
      <table
        role="table"
        className={`table${pages.isStale ? ' table-stale' : ''}`}
        aria-label={label}
        aria-busy={!pages.rows || pages.isStale}
      >
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width }} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <tr role="row" key={group.id}>
              {group.headers.map((header) => (
                <Heading key={header.id} column={columnOf(header.column.id)} sort={sort} onSort={onSort} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {table.getRowModel().rows.map((row) => (
            <tr role="row" key={row.id} onClick={followRow}>
              {row.getAllCells().map((cell) => {
                const { header, align, isActions } = columnOf(cell.column.id);
                const className = isActions ? 'cell-actions' : align && `cell-${align}`;
                return (
                  <td role="cell" key={cell.id} className={className} data-label={isActions ? undefined : header}>
                    <InRow value>
                      <div>{flexRender(cell.column.columnDef.cell, cell.getContext())}</div>
                    </InRow>
                  </td>
                );
              })}
            </tr>
          ))}
          {!pages.rows && <SkeletonRows rows={skeletonRows} columns={columns.length} />}
        </tbody>
      </table>
      {!pages.rows && (
        <span className="visually-hidden" role="status">
          {t('app.loading')}
        </span>
      )}
      <Pager pages={pages} />
    </div>
  );
}

/** A time lies above its row's link, and leads where it does all the same. */
function followRow({ target, currentTarget }: MouseEvent<HTMLElement>): void {
  if ((target as Element).closest('time')) currentTarget.querySelector<HTMLElement>('.row-link')?.click();
}

interface HeadingProps<T> {
  readonly column: Column<T>;
  readonly sort: string | undefined;
  readonly onSort: ((sort: string) => void) | undefined;
}

function Heading<T>({ column, sort, onSort }: HeadingProps<T>): ReactNode {
  const { header, sortBy, align, isActions } = column;
  const className = align && `cell-${align}`;
  if (!sortBy || !onSort) {
    return (
      <th role="columnheader" scope="col" className={className}>
        {isActions ? <span className="visually-hidden">{header}</span> : header}
      </th>
    );
  }
  const direction = sort === sortBy ? 'ascending' : sort === `-${sortBy}` ? 'descending' : 'none';
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={direction}>
      <button
        type="button"
        className="table-sort"
        onClick={() => onSort(direction === 'ascending' ? `-${sortBy}` : sortBy)}
      >
        {header}
        <span className={`table-direction table-${direction}`}>
          <Icon name="chevron" size={13} />
        </span>
      </button>
    </th>
  );
}

function SkeletonRows({ rows, columns }: { rows: number; columns: number }): ReactNode {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={row} role="row" aria-hidden="true" className="table-skeleton">
      {Array.from({ length: columns }, (__, column) => (
        <td role="cell" key={column}>
          <div>
            <span className="table-bone" />
          </div>
        </td>
      ))}
    </tr>
  ));
}

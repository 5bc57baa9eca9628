import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Problem } from '../http/problem.js';
import { prepared } from '../database/prepared-client.js';
import type { Conditions } from './conditions.js';
import type { SortField } from './list.query.js';
import { DEFAULT_LIMIT } from './list.query.js';

/** An SQL expression over a table's row, which is called `row` where it stands: the program's own words, none of a client's. */
export type RowSql = (row: string) => string;

/** What is shown of a row that another one refers to: the table's column -> property of the row that refers to it. */
interface Reference {
  readonly table: string;
  readonly shown: Readonly<Record<string, string>>;
}

/** What a domain says of its resource, so that it can be read, listed and searched. */
export interface ResourceDefinition<E extends ObjectLiteral> {
  readonly entity: EntityTarget<E>;
  /** The 404 for a reference, i.e. a slug or an id. */
  readonly notFound: (reference: string) => Problem;
  /** Names that rows of other tables have, shown beside their ids: property -> column with the user's id. */
  readonly actors: Readonly<Record<string, string>>;
  /** Rows of other tenant tables that are shown beside it: column with such a row's id -> the table, and what is shown of the row. */
  readonly references?: Readonly<Record<string, Reference>>;
  /** What is worked out of a row and shown beside its columns: property -> SQL over the row of that name. */
  readonly computed?: Readonly<Record<string, RowSql>>;
  /** Conditions that a list can be narrowed by, besides comparing columns: name -> SQL over the row of that name. */
  readonly conditions?: Readonly<Record<string, RowSql>>;
  /** Where a slug is unique only within another resource: the property with that one's id. */
  readonly parent?: string;
  /** What a row takes in an answer, about, in bytes: SQL over the row of that name. For rows so large that pages of them have to end early. */
  readonly bytes?: RowSql;
  /** Fields that `sort` knows; createdAt is the default. */
  readonly sort: readonly SortField[];
}

/**
 * What rows are sorted by; `row` is empty or a row's name with a dot. Pages begin behind a value, so there has to be one: what never expires
 * does so after everything else, and what was never used was so before everything else.
 */
const SORT_VALUES: Readonly<Record<SortField, RowSql>> = {
  name: (row) => `${row}sort_name`,
  createdAt: (row) => `${row}created_at`,
  updatedAt: (row) => `${row}updated_at`,
  slug: (row) => `${row}slug`,
  expiresAt: (row) => `coalesce(${row}expires_at, 'infinity')`,
  lastUsedAt: (row) => `coalesce(${row}last_used_at, '-infinity')`,
};

/** A page's order, and how many rows are read for it: one more than it has, which says whether there is a next one. */
export interface Order {
  /** What rows are sorted by, as `SORT_VALUES` has it. */
  readonly value: RowSql;
  readonly direction: 'ASC' | 'DESC';
  /** For ORDER BY. */
  readonly by: string;
  readonly limit: number;
}

/** A page of large rows ends with the one that makes it this large, in bytes. */
const LARGEST_PAGE = 4 * 1024 * 1024;

/** A row of a page; one without an id when there are none. */
export interface ListRow {
  /** Rows of the whole list, searched and filtered or not. */
  readonly listTotal: number;
  /** A number is one of the two infinities. */
  readonly sortValue: string | Date | number;
  readonly id: string | null;
  /** In a search through the index: how many the index gave, and how many of those are in the list. */
  readonly hits?: number;
  readonly matches?: number;
  /** Where pages end early: rows that there would have been. */
  readonly pageRows?: number;
}

/** How many rows a page was read with, those included that it has no room for. */
export const rowsRead = (rows: readonly ListRow[]): number => rows[0]?.pageRows ?? rows.length;

/** Pages of these sizes are asked for again and again, so their statements are prepared; each connection keeps those. */
const USUAL_LIMITS = new Set([10, 20, 25, DEFAULT_LIMIT, 100, 200]);

/**
 * Statements about rows that have a value in common are planned anew each time: it depends on the value, and on the organization, whether there
 * are few such rows, to be sorted, or many, which are met soon in the list's order.
 *
 * @param where the list's conditions.
 */
export const preparedFor = (statement: string, where: Conditions): string =>
  where.values.length === 0 ? prepared(statement) : statement;

/** @param order says how many rows are read: one more than the page has. */
export const preparedIfUsual = (statement: string, { limit }: Order, where: Conditions): string =>
  USUAL_LIMITS.has(limit - 1) ? preparedFor(statement, where) : statement;

/**
 * The LIMIT of rows that are read in the order of an index. A connection keeps the plan that was made for the organization that it served
 * first. For one with a handful of rows, reading and sorting them all costs no more than reading some in order; for one with 100,000 it does.
 * A limit that PostgreSQL cannot know while it plans counts as a tenth of the rows, so that reading in order is cheaper for either.
 *
 * @param where the list's conditions. Where a column is to have a value, the limit is told: no such plan is kept.
 */
export function limitInOrder(limit: number, where: Conditions): string {
  return where.values.length === 0 ? `(SELECT ${limit})` : String(limit);
}

/** The pieces of a resource's SELECT statements, put together once from the entity's metadata. */
export class ResourceSql {
  readonly table: string;
  /** Select list of a row `r` with its joins. */
  readonly columns: string;
  readonly joins: string;
  private readonly columnOf: ReadonlyMap<string, string>;

  constructor(
    dataSource: DataSource,
    private readonly definition: ResourceDefinition<ObjectLiteral>,
  ) {
    const metadata = dataSource.getMetadata(definition.entity);
    this.table = metadata.tableName;
    const columns = metadata.columns.filter((column) => column.isSelect);
    this.columnOf = new Map(columns.map((column) => [column.propertyName, column.databaseName]));
    const select = columns.map((column) => `r.${column.databaseName} AS "${column.propertyName}"`);
    const joins: string[] = [];
    for (const [property, column] of Object.entries(definition.actors)) {
      select.push(`${column}_user.name AS "${property}"`);
      joins.push(lookUp('users', ['name'], `r.${column}`, `${column}_user`));
    }
    for (const [column, { table, shown }] of Object.entries(definition.references ?? {})) {
      for (const [name, property] of Object.entries(shown)) select.push(`${column}_row.${name} AS "${property}"`);
      joins.push(lookUp(table, Object.keys(shown), `r.${column}`, `${column}_row`));
    }
    for (const [property, sql] of Object.entries(definition.computed ?? {}))
      select.push(`${sql('r')} AS "${property}"`);
    this.columns = select.join(', ');
    this.joins = joins.join(' ');
  }

  /** Column of a property. @throws Error for a property that the entity does not have: a fault of the program, not of input. */
  column(property: string): string {
    const column = this.columnOf.get(property);
    if (column === undefined) throw new Error(`${this.table} has no column for ${property}`);
    return column;
  }

  /** A condition of the definition, over rows of the table. @throws Error for one that it does not have, as above. */
  condition(name: string): string {
    const sql = this.definition.conditions?.[name];
    if (sql === undefined) throw new Error(`${this.table} has no condition ${name}`);
    return sql(this.table);
  }

  /** @param limit rows that are read. */
  order(field: SortField, direction: Order['direction'], limit: number): Order {
    const value = SORT_VALUES[field];
    return { value, direction, by: `${value('')} ${direction}, id ${direction}`, limit };
  }

  /**
   * Joins the rows of a page with what is shown beside them, and with the list's kept total, in one statement and one snapshot.
   *
   * @param rows a statement that selects the page's rows. @param more further select items.
   */
  page(rows: string, order: Order, more?: string): string {
    const { value, direction } = order;
    const { bytes } = this.definition;
    const read = bytes ? endingEarly(rows, order, bytes('page')) : rows;
    const items = [this.columns, ...(bytes ? ['r.page_rows::int AS "pageRows"'] : []), ...(more ? [more] : [])];
    return `SELECT t.list_total AS "listTotal", ${value('r.')} AS "sortValue", ${items.join(', ')}
      FROM (SELECT coalesce(sum(delta), 0)::float8 AS list_total FROM row_counts WHERE table_name = '${this.table}') t
      LEFT JOIN LATERAL (${read}) r ON true ${this.joins}
      ORDER BY ${value('r.')} ${direction}, r.id ${direction}`;
  }
}

/**
 * Joins a row by its id. LIMIT has it looked up for each row that is shown. A connection keeps the plan that was made for the organization
 * that it served first, and if that one is small, the plan may well be to read all of its rows: 100,000 of the next organization's.
 */
const lookUp = (table: string, columns: readonly string[], id: string, name: string): string =>
  `LEFT JOIN LATERAL (SELECT ${columns.join(', ')} FROM ${table} WHERE id = ${id} LIMIT 1) ${name} ON true`;

/** Those of the rows that begin within `LARGEST_PAGE`: the first one at least. */
function endingEarly(rows: string, { by }: Order, bytes: string): string {
  const sized = `SELECT page.*, ${bytes} AS bytes FROM (${rows}) page`;
  const placed = `SELECT *, count(*) OVER () AS page_rows, sum(bytes) OVER (ORDER BY ${by} ROWS UNBOUNDED PRECEDING) - bytes AS begins_at FROM (${sized}) sized`;
  return `SELECT * FROM (${placed}) placed WHERE begins_at < ${LARGEST_PAGE}`;
}

import type { DataSource, ObjectLiteral } from 'typeorm';
import { prepared } from '../database/prepared-client.js';
import { validationFailed } from '../http/problem.js';
import { isUuid } from '../http/uuid.js';
import { currentOrganizationId } from '../tenancy/tenant-context.js';
import type { CursorCodecs } from './cursor-codecs.js';
import type { ListRequest, SortField } from './list.query.js';
import { DEFAULT_LIMIT } from './list.query.js';
import type { Page } from './page.dto.js';
import { Conditions } from './conditions.js';
import type { ListRow, Order, ResourceDefinition } from './resource.js';
import { limitInOrder, preparedFor, preparedIfUsual, ResourceSql, rowsRead } from './resource.js';
import type { Found } from './search.js';
import { ListSearch, MOST_COUNTED } from './search.js';

/** Equality filters: property -> value. What is undefined does not filter. */
export type Filters = Readonly<Record<string, string | undefined>>;

/** Which rows a list has. */
interface Selection {
  readonly filters?: Filters;
  /** One of the definition's conditions. Where it speaks of the time, it is judged anew for each page. */
  readonly condition?: string;
}

/**
 * Reads a tenant table's rows for answers: one by slug or id, or a page of a list. Rows come as the database has them, as plain
 * objects with the entity's properties; they are printed and not changed, so nothing is spent on making entities of them.
 *
 * There is no word of the organization here: the policies see to it.
 */
export class ResourceReader<E extends ObjectLiteral> {
  private readonly sql: ResourceSql;
  private readonly searches: ListSearch;
  private readonly byId: string;
  private readonly bySlug: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly cursors: CursorCodecs,
    private readonly definition: ResourceDefinition<E>,
  ) {
    this.sql = new ResourceSql(dataSource, definition as unknown as ResourceDefinition<ObjectLiteral>);
    this.searches = new ListSearch(dataSource, this.sql);
    const { columns, table, joins } = this.sql;
    const within = definition.parent === undefined ? '' : `AND r.${this.sql.column(definition.parent)} = $2`;
    this.byId = prepared(`SELECT ${columns} FROM ${table} r ${joins} WHERE r.id = $1 ${within}`);
    this.bySlug = prepared(`SELECT ${columns} FROM ${table} r ${joins} WHERE r.slug = $1 ${within}`);
  }

  /**
   * @param reference slug or id.
   * @param parentId id of the resource that it belongs to, where the definition has a `parent`.
   * @param through a transaction, to see what it has done.
   * @throws Problem 404, the same for what is missing and for what is another organization's.
   */
  async get(reference: string, parentId?: string, through?: Pick<DataSource, 'query'>): Promise<E> {
    const row = await this.find(reference, parentId, through);
    if (!row) throw this.definition.notFound(reference);
    return row;
  }

  async find(
    reference: string,
    parentId?: string,
    through: Pick<DataSource, 'query'> = this.dataSource,
  ): Promise<E | undefined> {
    const statement = isUuid(reference) ? this.byId : this.bySlug;
    const rows = await through.query<E[]>(statement, parentId === undefined ? [reference] : [reference, parentId]);
    return rows[0];
  }

  /** Rows of the resource's table that a statement selects, with what is shown beside them. */
  async select(statement: string, values: unknown[]): Promise<E[]> {
    const { columns, joins } = this.sql;
    return this.dataSource.query<E[]>(
      prepared(`SELECT ${columns} FROM (${statement}) r ${joins} ORDER BY r.created_at DESC, r.id DESC`),
      values,
    );
  }

  /**
   * One page, in keyset order: rows created or deleted while a client walks shift nothing.
   *
   * @throws Problem 400 for a cursor of another list, 422 for a sort that the resource does not have.
   */
  async list<T>(query: ListRequest, toItem: (row: E) => T, selection: Selection = {}): Promise<Page<T>> {
    const { filters = {}, condition } = selection;
    const limit = query.limit ?? DEFAULT_LIMIT;
    const { field, descending } = this.order(query.sort);
    const binding = JSON.stringify([
      currentOrganizationId(),
      this.sql.table,
      query.sort,
      query.q,
      [...Object.entries(filters), ...(condition === undefined ? [] : [condition])],
    ]);
    const after = query.cursor === undefined ? undefined : (await this.cursors.get()).decode(query.cursor, binding);

    const where = new Conditions();
    for (const [property, value] of Object.entries(filters)) {
      if (value !== undefined) where.add((param) => `${this.sql.column(property)} = ${param}`, value);
    }
    if (condition !== undefined) where.add(() => this.sql.condition(condition));
    const filtered = !where.empty || query.q !== undefined;
    const page = where.copy();
    const order = this.sql.order(field, descending ? 'DESC' : 'ASC', limit + 1);
    if (after) {
      page.add(
        (value, id) => `(${order.value('')}, id) ${descending ? '<' : '>'} (${value}, ${id})`,
        after.value,
        after.id,
      );
    }
    const { rows, total: countAll } =
      query.q === undefined
        ? await this.page(where, page, order)
        : await this.searches.find({ where, page, order, q: query.q });

    const found = rows.filter((row) => row.id !== null) as unknown as (E & ListRow)[];
    const items = found.slice(0, limit);
    const hasMore = rowsRead(found) > items.length;
    const last = items.at(-1);
    // A first page that is also the last one has counted the list already.
    const total = !after && !hasMore ? items.length : await countAll();
    const nextCursor =
      hasMore && last
        ? (await this.cursors.get()).encode({ value: sortText(last.sortValue), id: last.id as string }, binding)
        : undefined;
    return {
      items: items.map(toItem),
      total: Math.min(total, filtered ? MOST_COUNTED : total),
      totalIsLowerBound: filtered && total > MOST_COUNTED ? true : undefined,
      hasMore,
      nextCursor,
    };
  }

  private order(sort: string | undefined): { field: SortField; descending: boolean } {
    const descending = sort?.startsWith('-') ?? false;
    const field = (descending ? sort!.slice(1) : (sort ?? 'createdAt')) as SortField;
    if (!this.definition.sort.includes(field)) {
      const message = `must be one of ${this.definition.sort.join(', ')}, with a minus for descending`;
      throw validationFailed([{ location: 'query.sort', message, value: sort }]);
    }
    return { field, descending };
  }

  /** Without a search, the page is a piece of an index, and the unfiltered list's total is kept. */
  private async page(where: Conditions, page: Conditions, order: Order): Promise<Found> {
    const { table } = this.sql;
    const statement = this.sql.page(
      `SELECT * FROM ${table} ${page.sql} ORDER BY ${order.by} LIMIT ${limitInOrder(order.limit, where)}`,
      order,
    );
    const rows = await this.dataSource.query<ListRow[]>(preparedIfUsual(statement, order, where), page.values);
    const total = (): Promise<number> => (where.empty ? Promise.resolve(rows[0]!.listTotal) : this.count(where));
    return { rows, total };
  }

  private async count(where: Conditions): Promise<number> {
    const matches = `SELECT 1 FROM ${this.sql.table} ${where.sql} LIMIT ${MOST_COUNTED + 1}`;
    const [row] = await this.dataSource.query<{ n: number }[]>(
      preparedFor(`SELECT count(*)::int AS n FROM (${matches}) matches`, where),
      where.values,
    );
    return row!.n;
  }
}

/** Times are milliseconds in the database as well, so ISO 8601 loses nothing. The infinities are called as PostgreSQL calls them. */
function sortText(value: string | Date | number): string {
  if (typeof value === 'number') return value > 0 ? 'infinity' : '-infinity';
  return value instanceof Date ? value.toISOString() : value;
}

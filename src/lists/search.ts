import type { DataSource } from 'typeorm';
import type { Conditions } from './conditions.js';
import type { ListRow, Order, ResourceSql } from './resource.js';
import { limitInOrder, preparedFor, preparedIfUsual, rowsRead } from './resource.js';

/** A filtered list is counted up to here; beyond, the total is a lower bound. */
export const MOST_COUNTED = 10_000;
const ENOUGH = MOST_COUNTED + 1;

/**
 * Rows that a search looks at in the list's order before it turns to the trigram index. Looking at a row costs about 0.4 µs, so these
 * cost what the index costs for a few hundred hits.
 */
export const SEARCH_WINDOW = 5_000;

/** Rows from which it is guessed how many of a list's rows match. */
const SAMPLE = 2_000;
/** Where at least this share matches, counting by looking at rows is quicker than through the index. */
const DENSE = 0.08;
/** Rows among which `ENOUGH` matches should be found then, with some to spare. */
const DENSE_WINDOW = 150_000;
/** Lists up to this size are looked through at once. */
const SMALL_LIST = 20_000;
/** No window. Without a limit, PostgreSQL might sort all rows instead of reading an index in order. */
const ALL = 1_000_000_000;

/** A list, as far as a search needs to know it. */
export interface Searched {
  readonly q: string;
  readonly order: Order;
  /** The list's own conditions. */
  readonly where: Conditions;
  /** The same, and where the page begins. */
  readonly page: Conditions;
}

export interface Found {
  /** One more than the page has, if there are. */
  readonly rows: ListRow[];
  /** Matches of the whole list, up to `ENOUGH`. */
  readonly total: () => Promise<number>;
}

/**
 * Searches a list for rows that contain a text. Every way gives the true page and the true total; which is quick depends on the term, and
 * that shows only while searching. So a piece of the list is looked through first: it fills the page for common terms, and says how
 * common they are. For the others the trigram index gives all matches, if they are not too many to be sorted.
 */
export class ListSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: ResourceSql,
  ) {}

  async find(list: Searched): Promise<Found> {
    const rows = await this.look(list, SEARCH_WINDOW);
    const { listTotal } = rows[0]!;
    if (rowsRead(rows) === list.order.limit || listTotal <= SEARCH_WINDOW) {
      return { rows, total: () => this.count(list, listTotal) };
    }
    if (!isIndexable(list.q)) return { rows: await this.look(list, ALL), total: () => this.countByLooking(list, ALL) };

    const indexed = await this.takeFromIndex(list);
    const { hits, matches } = indexed[0]!;
    if (hits! <= MOST_COUNTED) return { rows: indexed, total: () => Promise.resolve(matches!) };
    const total = (): Promise<number> => (list.where.empty ? Promise.resolve(ENOUGH) : this.count(list, listTotal));
    return { rows: await this.look(list, ALL), total };
  }

  /** Walks the list from where the page begins, for so many rows. */
  private look({ where, page, order, q }: Searched, window: number): Promise<ListRow[]> {
    const looking = page.copy();
    const term = looking.param(searchTerm(q));
    const looked = `SELECT * FROM ${this.sql.table} ${looking.sql} ORDER BY ${order.by} LIMIT ${limitInOrder(window, where)}`;
    const matching = `SELECT * FROM (${looked}) looked WHERE search_text LIKE lower(${term}) ORDER BY ${order.by} LIMIT ${order.limit}`;
    return this.query(this.sql.page(matching, order), order, where, looking);
  }

  /** All matches from the index, unless they are more than `MOST_COUNTED`: then only that is found out. */
  private takeFromIndex({ where, page, order, q }: Searched): Promise<ListRow[]> {
    const { table } = this.sql;
    const taken = page.copy();
    const hits = `WITH hits AS MATERIALIZED (SELECT search_${table}(${taken.param(searchTerm(q))}, ${ENOUGH}) AS id)`;
    const among = `(SELECT count(*) FROM hits) <= ${MOST_COUNTED} AND id IN (SELECT id FROM hits)`;
    taken.add(() => among);
    // The page's conditions begin with the list's, so their parameters are the same.
    const counted = where.copy();
    counted.add(() => among);
    const matches = where.empty ? `(SELECT count(*) FROM hits)` : `(SELECT count(*) FROM ${table} ${counted.sql})`;
    const rows = `SELECT * FROM ${table} ${taken.sql} ORDER BY ${order.by} LIMIT ${order.limit}`;
    const select = `(SELECT count(*) FROM hits)::float8 AS "hits", ${matches}::float8 AS "matches"`;
    return this.query(`${hits} ${this.sql.page(rows, order, select)}`, order, where, taken);
  }

  private async count(list: Searched, listTotal: number): Promise<number> {
    if (listTotal <= SMALL_LIST || !isIndexable(list.q)) return this.countByLooking(list, ALL);
    const share = (await this.countByLooking(list, SAMPLE)) / SAMPLE;
    if (share >= DENSE) {
      const count = await this.countByLooking(list, DENSE_WINDOW);
      if (count === ENOUGH || listTotal <= DENSE_WINDOW) return count;
    }
    const { table } = this.sql;
    const where = list.where.copy();
    const hits = `SELECT search_${table}(${where.param(searchTerm(list.q))}, ${list.where.empty ? ENOUGH : 'NULL'}) AS id`;
    if (list.where.empty) return this.countRows(hits, list, where);
    where.add(() => `id IN (${hits})`);
    return this.countRows(`SELECT 1 FROM ${table} ${where.sql} LIMIT ${ENOUGH}`, list, where);
  }

  /** The order does not matter here, but an index that is read in order names the organization once and not for every row. */
  private countByLooking(list: Searched, window: number): Promise<number> {
    const where = list.where.copy();
    const term = where.param(searchTerm(list.q));
    const looked = `SELECT search_text FROM ${this.sql.table} ${where.sql} ORDER BY created_at, id LIMIT ${limitInOrder(window, list.where)}`;
    return this.countRows(
      `SELECT 1 FROM (${looked}) looked WHERE search_text LIKE lower(${term}) LIMIT ${ENOUGH}`,
      list,
      where,
    );
  }

  private async countRows(rows: string, list: Searched, { values }: Conditions): Promise<number> {
    const statement = preparedFor(`SELECT count(*)::int AS n FROM (${rows}) matches`, list.where);
    const [row] = await this.dataSource.query<{ n: number }[]>(statement, values);
    return row!.n;
  }

  private query(statement: string, order: Order, where: Conditions, { values }: Conditions): Promise<ListRow[]> {
    return this.dataSource.query(preparedIfUsual(statement, order, where), values);
  }
}

/** The LIKE pattern for texts that contain `q`. Case is dealt with in SQL, by the same lower() that made the searched column. */
export function searchTerm(q: string): string {
  return `%${q.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Whether the index can help: it knows of three letters or digits in a row, and reads all of itself for anything less. */
export function isIndexable(q: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(q);
}

import { createHash } from 'node:crypto';
import pg from 'pg';
import { PreparedQuery } from './prepared-query.js';
import type { Shapes } from './prepared-query.js';

/** Statement texts that are sent as named prepared statements, with their names. */
const names = new Map<string, string>();

/**
 * Marks a statement as one that is sent again and again: each connection parses and plans it once. For texts that the program
 * fixes, not for texts that are put together from input, since every connection keeps every one of them.
 *
 * @returns the text, so that the declaration reads `const FIND = prepared(...)`.
 */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `k_${createHash('sha1').update(sql).digest('hex').slice(0, 20)}`);
  return sql;
}

/** A statement that goes before another one, in the same round trip and the same transaction. */
export interface Ahead {
  /** Known to `prepared`, and executed on this connection before. */
  readonly text: string;
  readonly values: unknown[];
  /** Called when both have been executed. Where one fails, neither has happened. */
  readonly onDone: () => void;
}

/** PostgreSQL's feature_not_supported: among others, "cached plan must not change result type". */
const RESULT_CHANGED = '0A000';

/** A `pg` client that sends texts known to `prepared` by name. TypeORM passes texts only and has no word for named statements. */
export class PreparedClient extends pg.Client {
  /** What rows of the statements that this connection has prepared look like. */
  private readonly shapes: Shapes = new Map();
  /** Part of the names, so that all statements can be prepared anew. */
  private generation = 0;
  private riding: { readonly ahead: Ahead; readonly next: string } | undefined;

  constructor(config?: pg.ClientConfig) {
    super(config);
    // The pool and TypeORM listen in turn, and for a moment in between neither does; an error without a listener ends the process.
    // Nothing is lost: whoever uses the connection learns of its end by the query that fails.
    this.on('error', () => undefined);
  }

  /**
   * Sends a statement ahead of the query that comes next.
   *
   * @param next that query's text; no other one takes it along.
   * @returns false where that is not possible, and nothing has been done: because one of the two is not prepared, a transaction is open, or
   * a query is awaited already that takes another one along.
   */
  sendAhead(ahead: Ahead, next: string): boolean {
    const isPossible =
      this.riding === undefined &&
      names.has(next) &&
      this.shapes.has(this.nameOf(ahead.text)) &&
      this.transactionStatus() === 'I';
    if (isPossible) this.riding = { ahead, next };
    return isPossible;
  }

  /** Forgets what was to be sent ahead of a query that never came; for whoever has the connection next. */
  dropAhead(): void {
    this.riding = undefined;
  }

  override query(...args: unknown[]): never {
    const [text, values, callback] = args;
    const known = typeof text === 'string' && callback === undefined && names.has(text);
    if (!known) return (super.query as unknown as (...all: unknown[]) => never).apply(this, args);
    return this.sendPrepared(text, values as unknown[] | undefined) as never;
  }

  private sendPrepared(text: string, values: unknown[] | undefined, isRetry = false): Promise<unknown> {
    const ahead = this.riding?.next === text ? this.riding.ahead : undefined;
    if (ahead) this.riding = undefined;
    return new Promise((resolve, reject) => {
      const statement = { name: this.nameOf(text), text, values };
      const query = new PreparedQuery(
        ahead ? { ...statement, ahead: { name: this.nameOf(ahead.text), values: ahead.values } } : statement,
        this.shapes,
        this,
      );
      query.callback = (error, result) => {
        if (!error) {
          ahead?.onDone();
          resolve(result);
        } else if (isRetry || !this.mayPrepareAnew(error)) reject(error);
        else resolve(this.sendAnew(text, values, ahead));
      };
      super.query(query);
    });
  }

  private async sendAnew(text: string, values: unknown[] | undefined, ahead: Ahead | undefined): Promise<unknown> {
    if (ahead) {
      await this.sendPrepared(ahead.text, ahead.values, true);
      ahead.onDone();
    }
    return this.sendPrepared(text, values, true);
  }

  /**
   * A migration that another process has run may have changed what a statement's rows look like. Its plan is void then, and would stay so
   * for as long as the connection lives, which is as long as the process. A transaction is lost, but the next one is not.
   */
  private mayPrepareAnew(error: Error): boolean {
    if ((error as { code?: string }).code !== RESULT_CHANGED) return false;
    this.generation += 1;
    this.shapes.clear();
    return this.transactionStatus() === 'I';
  }

  private nameOf(text: string): string {
    return `${names.get(text)}${this.generation}`;
  }

  private transactionStatus(): string | null {
    return (this as unknown as { getTransactionStatus(): string | null }).getTransactionStatus();
  }
}

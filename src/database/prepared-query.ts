import type { ClientBase, Connection, Submittable } from 'pg';
import pg from 'pg';

/** Columns of a statement's rows: their names, and what makes values of their texts. */
interface Shape {
  readonly names: readonly string[];
  readonly parsers: readonly ((text: string) => unknown)[];
  /** A row without values: copying it is quicker than adding one property after the other. */
  readonly empty: Readonly<Record<string, unknown>>;
}

/** Statement name -> shape, of one connection. */
export type Shapes = Map<string, Shape>;

interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[] | undefined;
  /** A statement that this connection has prepared already, to be executed before. Whatever it returns is dropped. */
  readonly ahead?: { readonly name: string; readonly values: unknown[] };
}

/** What `pg` gives for a query, as far as TypeORM and we look at it. */
interface Result {
  command: string;
  rowCount: number | null;
  rows: Record<string, unknown>[];
}

/** The connection that a `Submittable` is given, as it is: `pg`'s types know an earlier one. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  /** Name -> text of what this connection has prepared. */
  readonly parsedStatements: Record<string, string | undefined>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: unknown[] | undefined; valueMapper: (value: unknown) => unknown }): void;
  describe(message: { type: 'P' }): void;
  execute(): void;
  sync(): void;
}

const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/**
 * A named statement on its way through the extended query protocol. `pg` would ask for a description of the rows each time, and build
 * its parsers from it; a prepared statement's rows never change (PostgreSQL refuses to execute it where they would), so here that is
 * done once per connection. It halves what a look-up by id costs in the driver.
 */
export class PreparedQuery implements Submittable {
  readonly name: string;
  readonly text: string;
  callback: (error: Error | null, result: Result) => void;
  private readonly values: unknown[] | undefined;
  private readonly result: Result = { command: '', rowCount: null, rows: [] };
  private readonly ahead: Statement['ahead'];
  private isAheadDone: boolean;
  private shape: Shape | undefined;
  private failure: Error | undefined;

  constructor(
    statement: Statement,
    private readonly shapes: Shapes,
    private readonly client: ClientBase,
  ) {
    this.name = statement.name;
    this.text = statement.text;
    this.values = statement.values;
    this.ahead = statement.ahead;
    this.isAheadDone = statement.ahead === undefined;
    this.shape = shapes.get(statement.name);
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    // eslint-disable-next-line no-restricted-properties -- The socket, and not what TypeORM calls so.
    const socket = wire.stream;
    socket.cork();
    try {
      if (this.ahead) {
        wire.bind({ statement: this.ahead.name, values: this.ahead.values, valueMapper: prepareValue });
        wire.execute();
      }
      if (wire.parsedStatements[this.name] === undefined) wire.parse({ name: this.name, text: this.text });
      wire.bind({ statement: this.name, values: this.values, valueMapper: prepareValue });
      if (this.shape === undefined) wire.describe({ type: 'P' });
      wire.execute();
    } catch (error) {
      // A value that cannot be sent. What has been sent already ends with the sync.
      this.failure = error as Error;
    } finally {
      wire.sync();
      socket.uncork();
    }
  }

  handleRowDescription(message: { fields: { name: string; dataTypeID: number; format: 'text' | 'binary' }[] }): void {
    const { fields } = message;
    const names = fields.map(({ name }) => name);
    this.shape = {
      names,
      parsers: fields.map(
        ({ dataTypeID }) => this.client.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
      ),
      empty: Object.fromEntries(names.map((name) => [name, null])),
    };
    this.shapes.set(this.name, this.shape);
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    if (this.failure || !this.isAheadDone) return;
    const { names, parsers, empty } = this.shape!;
    const row = { ...empty };
    try {
      for (let i = 0; i < names.length; i++) {
        const text = message.fields[i] ?? null;
        if (text !== null) row[names[i]!] = parsers[i]!(text);
      }
    } catch (error) {
      this.failure = error as Error;
    }
    this.result.rows.push(row);
  }

  /** The tag is such as `SELECT 20`, `UPDATE 1` or `INSERT 0 1`. */
  handleCommandComplete(message: { text: string }): void {
    if (!this.isAheadDone) {
      this.isAheadDone = true;
      return;
    }
    const [command, ...counts] = message.text.split(' ');
    this.result.command = command!;
    this.result.rowCount = counts.length > 0 ? Number(counts.at(-1)) : null;
  }

  handleReadyForQuery(): void {
    this.callback(this.failure ?? null, this.result);
  }

  handleError(error: Error): void {
    this.callback(this.failure ?? error, this.result);
  }

  /** Called by `pg` for what no prepared statement of ours is. */
  handleEmptyQuery(): void {}
}

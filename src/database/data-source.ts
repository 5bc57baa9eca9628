import pg from 'pg';
import type { DataSourceOptions, MixedList } from 'typeorm';
import { DataSource } from 'typeorm';
import { OrgScopeSubscriber } from '../tenancy/org-scope.subscriber.js';
import { PreparedClient } from './prepared-client.js';
import { TEXT_PARSERS } from './text-parsers.js';

// Otherwise a time is sent in the zone of this machine, with its offset cut to minutes: those of long ago have seconds.
pg.defaults.parseInputDatesAsUTC = true;

export type Entities = MixedList<new () => object>;

export interface DataSourceSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly entities: Entities;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName?: string;
}

/**
 * The data source of everything that serves requests: all its queries pass `OrgScopeSubscriber`. Not yet connected.
 */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return refuseStreams(
    new DataSource({
      ...commonOptions(settings),
      entities: settings.entities,
      subscribers: [OrgScopeSubscriber],
    }),
  );
}

/** `stream()` sends its query without announcing it to subscribers: it would run as whoever used the connection last. */
function refuseStreams(dataSource: DataSource): DataSource {
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = create(mode);
    runner.stream = () => Promise.reject(new Error('stream() is not scoped to an organization; page through a list'));
    return runner;
  };
  return dataSource;
}

/** The URL that a data source connects to, for connections beside its pool. */
export function urlOf(dataSource: DataSource): string {
  return (dataSource.options as { url: string }).url;
}

/** What the data sources of the application and of the migrations have in common. */
export function commonOptions(
  settings: Omit<DataSourceSettings, 'entities'>,
): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    driver: pg,
    url: settings.url,
    poolSize: settings.poolSize,
    applicationName: settings.applicationName ?? 'kaiten-server',
    synchronize: false,
    logging: false,
    // A forgotten value would select, change or delete every row of the organization.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    // A database that does not answer is an outage (503), not a request that never ends.
    connectTimeoutMS: 5_000,
    extra: {
      // TypeORM takes host, role and database from a URL and drops the rest: sslmode, above all.
      connectionString: settings.url,
      Client: PreparedClient,
      types: TEXT_PARSERS,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      // Statements are short, and some look dear to the planner because it counts rows that are never read: compiling them would take
      // longer than they do. Not among the connection's options, which poolers refuse and which PGOPTIONS may have.
      onConnect: (client: pg.Client) => client.query('SET jit = off'),
      keepAlive: true,
      // Connections stay open: a timer for each time that one becomes idle costs more than they do.
      idleTimeoutMillis: 0,
    },
    // The pool drops a broken connection and opens another; without a listener the process would end.
    poolErrorHandler: () => undefined,
    installExtensions: false,
  };
}

import type { Client } from 'pg';
import type {
  BeforeQueryEvent,
  DataSource,
  EntitySubscriberInterface,
  InsertEvent,
  ObjectLiteral,
  QueryRunner,
} from 'typeorm';
import { EventSubscriber, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { assertLeavesSessionAlone, undoesSettings } from './statement-rules.js';
import { currentOrganizationId, keepForNextQuery } from './tenant-context.js';

/** What each pooled connection's setting holds: '' is "cleared", absent is "not known". */
const believed = new WeakMap<Client, string>();

/** The organization that a query runner was first used for. */
const owners = new WeakMap<QueryRunner, string>();

/**
 * A query runner, and with it a transaction, is one organization's for life: half of a transaction must not be written as another,
 * and two contexts that share a connection could slip in between each other's setting and statement.
 */
export class OrganizationChangedError extends Error {
  constructor() {
    super('The organization may not change within a transaction or a query runner');
  }
}

/**
 * Scopes every query that TypeORM sends to the current organization. Before a statement it puts the organization into the
 * connection's `app.organization_id` setting, unless the connection already holds it; PostgreSQL's policies do the filtering. Outside
 * of any organization the setting is cleared, and the policies let no row through.
 */
@EventSubscriber()
export class OrgScopeSubscriber implements EntitySubscriberInterface {
  beforeQuery(event: BeforeQueryEvent): Promise<void> | void {
    assertLeavesSessionAlone(event.query);
    const client = clientOf(event.queryRunner);
    // ROLLBACK also takes back a set_config that was made inside the transaction, so nothing is believed after it. It must get
    // through whatever the context says: the connection would go back to the pool inside a transaction otherwise.
    if (undoesSettings(event.query)) {
      believed.delete(client);
      return;
    }
    const organizationId = currentOrganizationId() ?? '';
    const owner = owners.get(event.queryRunner);
    if (owner === undefined) {
      owners.set(event.queryRunner, organizationId);
      if (isInTransaction(client))
        return endAbandonedTransaction(client).then(() => scopeConnection(event.queryRunner, client, organizationId));
    } else if (owner !== organizationId) throw new OrganizationChangedError();
    if (believed.get(client) !== organizationId) return scopeConnection(event.queryRunner, client, organizationId);
  }

  beforeInsert(event: InsertEvent<ObjectLiteral>): void {
    if (!event.metadata.findColumnWithPropertyName('organizationId')) return;
    const organizationId = currentOrganizationId();
    const entity = event.entity as { organizationId?: string } | undefined;
    if (!entity || organizationId === undefined) return;
    if (entity.organizationId !== undefined && entity.organizationId !== organizationId) {
      throw new Error('An entity of another organization cannot be inserted');
    }
    entity.organizationId = organizationId;
  }
}

/** A set_config that failed is never believed: the statement that needed it is not sent, and the next one tries again. */
async function scopeConnection(runner: QueryRunner, client: Client, organizationId: string): Promise<void> {
  believed.delete(client);
  await client.query(SCOPE_STATEMENT, [organizationId]);
  believed.set(client, organizationId);
  // TypeORM looks at this before and not after: the connection may be somebody else's by now.
  if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
}

/** Whether PostgreSQL said, when it was last done with something, that a transaction is open. */
function isInTransaction(client: Client): boolean {
  const status = (client as unknown as { getTransactionStatus(): string | null }).getTransactionStatus();
  return status === 'T' || status === 'E';
}

/**
 * Somebody gave the connection back in the middle of a transaction. Going on in it would mix two organizations' work, and its end
 * could take back the setting behind our back.
 */
async function endAbandonedTransaction(client: Client): Promise<void> {
  believed.delete(client);
  await client.query('ROLLBACK');
}

/** Select item for `identifyOrganization`: scopes the connection to the organization of the row `found`. */
export const IDENTIFIED = `set_config('app.organization_id', found.organization_id::text, false)`;

/**
 * Runs a statement that finds out whose request this is, before there is an organization: it calls one of the definer functions and
 * selects `IDENTIFIED` from its row. The connection keeps that organization, and is kept for the request's next query, which needs no
 * round trip to scope it.
 *
 * @returns the row, or undefined when there is none; then the connection is as it was.
 */
export async function identifyOrganization<R extends { organization_id: string }>(
  dataSource: DataSource,
  statement: string,
  parameters: unknown[],
): Promise<R | undefined> {
  const runner = dataSource.createQueryRunner();
  let found: R | undefined;
  try {
    const client = (await runner.connect()) as Client;
    if (isInTransaction(client)) await endAbandonedTransaction(client);
    const before = believed.get(client);
    believed.delete(client);
    const { rows } = await client.query<R>(statement, parameters);
    found = rows[0];
    const now = found?.organization_id ?? before;
    if (now !== undefined) believed.set(client, now);
    return found;
  } finally {
    if (found) keepForNextQuery(runner);
    else await runner.release();
  }
}

const SCOPE_STATEMENT = `SELECT set_config('app.organization_id', $1, false)`;

/** TypeORM announces a query after it has taken the connection from the pool, so the runner has one. */
function clientOf(queryRunner: QueryRunner): Client {
  return (queryRunner as unknown as { databaseConnection: Client }).databaseConnection;
}

import type { Client } from 'pg';
import type { BeforeQueryEvent, EntitySubscriberInterface, InsertEvent, ObjectLiteral, QueryRunner } from 'typeorm';
import { EventSubscriber, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { prepared, PreparedClient } from '../database/prepared-client.js';
import { assertLeavesSessionAlone, undoesSettings } from './statement-rules.js';
import { currentOrganizationId } from './tenant-context.js';

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
      if (client instanceof PreparedClient) client.dropAhead();
      if (isInTransaction(client))
        return endTransaction(client).then(() => scopeConnection(event.queryRunner, client, organizationId));
    } else if (owner !== organizationId) throw new OrganizationChangedError();
    if (believed.get(client) === organizationId || scopeAlong(client, organizationId, event.query)) return;
    return scopeConnection(event.queryRunner, client, organizationId);
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

/**
 * Scopes the connection in the round trip of the statement that needs it, and in its transaction: neither of the two happens without
 * the other.
 *
 * @returns false when that is not possible, and the connection is as it was.
 */
function scopeAlong(client: Client, organizationId: string, query: string): boolean {
  if (!(client instanceof PreparedClient)) return false;
  const ahead = {
    text: SCOPE_STATEMENT,
    values: [organizationId],
    onDone: () => void believed.set(client, organizationId),
  };
  const isPossible = client.sendAhead(ahead, query);
  if (isPossible) believed.delete(client);
  return isPossible;
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
async function endTransaction(client: Client): Promise<void> {
  believed.delete(client);
  await client.query('ROLLBACK');
}

/** Ends the transaction in which a connection came from the pool, if there is one. */
export function endAbandonedTransaction(client: Client): Promise<void> | void {
  if (isInTransaction(client)) return endTransaction(client);
}

const SCOPE_STATEMENT = prepared(`SELECT set_config('app.organization_id', $1, false)`);

/** TypeORM announces a query after it has taken the connection from the pool, so the runner has one. */
function clientOf(queryRunner: QueryRunner): Client {
  return (queryRunner as unknown as { databaseConnection: Client }).databaseConnection;
}

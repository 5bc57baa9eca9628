import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared-client.js';
import type { JsonObject } from '../http/json.js';
import type { FactsSubject } from './facts-subject.js';

/** What the database knows of a subject: the facts themselves, and whose they are. */
export interface FactsRow {
  readonly facts: JsonObject;
  readonly customerId: string | undefined;
  /** Nothing is missing that could come to be without anybody being told. */
  readonly isWhole: boolean;
}

type Row = Readonly<Record<string, unknown>>;

const INSTANCE = `i.id AS "instanceId", i.slug AS "instanceSlug", i.name AS "instanceName", i.status, i.lifecycle_stage AS "lifecycleStage", i.metadata`;
const CUSTOMER = `c.id AS "customerId", c.slug AS "customerSlug", c.name AS "customerName", c.external_customer_id AS "externalCustomerId", c.domain`;

/** The instance that the context names with its customer, whoever that is; the customer of the targeting key where it names none that there is. */
const byInstance = (column: 'id' | 'slug', type: 'uuid' | 'text'): string =>
  prepared(
    `SELECT ${INSTANCE}, ${CUSTOMER} FROM (SELECT 1) one
     LEFT JOIN instances i ON i.${column} = $1::${type}
     LEFT JOIN customers c ON c.id = coalesce(i.customer_id, (SELECT id FROM customers WHERE slug = $2::text))`,
  );

const BY_INSTANCE_ID = byInstance('id', 'uuid');
const BY_INSTANCE_SLUG = byInstance('slug', 'text');

/** Of several instances the oldest: it stays the same when others come, and is the customer's first, which the others are often tests beside. */
const BY_CUSTOMER = prepared(
  `SELECT ${INSTANCE}, ${CUSTOMER} FROM customers c
   LEFT JOIN LATERAL (SELECT * FROM instances WHERE customer_id = c.id ORDER BY created_at, id LIMIT 1) i ON true
   WHERE c.slug = $1::text`,
);

/**
 * Looks facts up in the current organization, with one statement. An instance or customer that there is not is empty and not absent, so that
 * `has(__kaiten.instance.slug)` is false then; CEL would fail where the object around the field is missing.
 */
export async function findFacts(dataSource: DataSource, subject: FactsSubject): Promise<FactsRow> {
  const { instanceId, instanceSlug, customerSlug } = subject;
  const named = instanceId ?? instanceSlug;
  const [row] =
    named === undefined
      ? await dataSource.query<Row[]>(BY_CUSTOMER, [customerSlug])
      : await dataSource.query<Row[]>(instanceId === undefined ? BY_INSTANCE_SLUG : BY_INSTANCE_ID, [
          named,
          customerSlug ?? null,
        ]);
  const customerId = (row?.customerId as string | null | undefined) ?? undefined;
  return {
    facts: { instance: row ? instanceOf(row) : {}, customer: row ? customerOf(row) : {} },
    customerId,
    isWhole: customerId !== undefined && row!.instanceId !== null,
  };
}

const instanceOf = (row: Row): JsonObject =>
  withoutNull({
    id: row.instanceId,
    slug: row.instanceSlug,
    name: row.instanceName,
    status: row.status,
    lifecycleStage: row.lifecycleStage,
    metadata: row.metadata,
  });

const customerOf = (row: Row): JsonObject =>
  withoutNull({
    id: row.customerId,
    name: row.customerName,
    slug: row.customerSlug,
    externalCustomerId: row.externalCustomerId,
    domain: row.domain,
  });

/** Rules ask with has(): what is not known is absent, and all of it where there is no such row. */
const withoutNull = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

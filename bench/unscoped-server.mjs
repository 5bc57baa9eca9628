import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { readEnv } from '../dist/src/config/env.js';
import { createLogger } from '../dist/src/config/logger.js';
import { createDataSource } from '../dist/src/database/data-source.js';
import { prepared, PreparedClient } from '../dist/src/database/prepared-client.js';
import { ENTITIES } from '../dist/src/entities.js';
import { listen } from '../dist/src/http/listen.js';
import { createApp } from '../dist/src/setup-app.js';
import { currentOrganizationId } from '../dist/src/tenancy/tenant-context.js';

/**
 * The same application without policies and without subscriber, as an application would be whose services filter by organization
 * themselves: the client reads every tenant table through an explicit `WHERE organization_id = $n`. It answers the same bytes, from a
 * database whose policies are switched off.
 */
const { tables } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const TABLE = new RegExp(`\\b(FROM|JOIN) (${tables.join('|')})\\b( [a-z_]+)?`, 'g');
const KEYWORDS = new Set([' where', ' order', ' limit']);

/** Text as the application sends it -> how it is sent here. */
const rewritten = new Map();

function rewrite(text, parameters) {
  let filtered = rewritten.get(text);
  if (!filtered) {
    const organization = `$${parameters + 1}::uuid`;
    const bare = text.replace(`, set_config('app.organization_id', found.organization_id::text, false)`, '');
    const sql = bare.replace(TABLE, (match, clause, table, alias = '') => {
      const rows = `(SELECT * FROM ${table} WHERE organization_id = ${organization})`;
      return KEYWORDS.has(alias.toLowerCase())
        ? `${clause} ${rows} ${table}${alias}`
        : `${clause} ${rows}${alias || ` ${table}`}`;
    });
    filtered = { sql: prepared(sql), filters: sql.includes(organization) };
    rewritten.set(text, filtered);
  }
  return filtered;
}

class FilteringClient extends PreparedClient {
  query(text, values, ...rest) {
    if (typeof text !== 'string' || !text.startsWith('SELECT')) return super.query(text, values, ...rest);
    const { sql, filters } = rewrite(text, values?.length ?? 0);
    return super.query(sql, filters ? [...(values ?? []), currentOrganizationId()] : values, ...rest);
  }
}

const env = readEnv();
const dataSource = createDataSource({ url: env.databaseUrl, poolSize: env.databasePoolSize, entities: ENTITIES });
dataSource.setOptions({ subscribers: [], extra: { ...dataSource.options.extra, Client: FilteringClient } });
await dataSource.initialize();
const app = await createApp(env, createLogger(env), dataSource);
await listen(app.getHttpAdapter().getInstance(), { host: env.host, port: env.port, variable: 'PORT' });

import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { createOwnerDataSource, migrate } from '../dist/src/database/migrate.js';
import { roleOf } from '../dist/src/database/roles.js';
import { createOrganization } from '../dist/src/organizations/organizations.js';
import { ServiceAccountsService } from '../dist/src/service-accounts/service-accounts.service.js';
import { runAsOrganization } from '../dist/src/tenancy/tenant-context.js';
import { TokenMint } from '../dist/src/tokens/token-mint.js';
import { TokensService } from '../dist/src/tokens/tokens.service.js';
import { systemUser } from '../dist/src/organizations/organizations.js';
import { OTHER_CORE, parentOf, pin } from './processes.mjs';

/** Customers of the eight organizations, of the one that is written to, and of the big one. */
export const FEW = 1_000;
export const MANY = 1_000_000;

const SMALL = Array.from({ length: 8 }, (_, index) => ({ slug: `small-${index}`, customers: FEW }));
const ORGANIZATIONS = [...SMALL, { slug: 'written', customers: FEW }, { slug: 'big', customers: MANY }];

/** An embedded PostgreSQL of the bench's own, migrated, on the generator's core. */
export async function openDatabase(dataDir, say) {
  const postgres = await startEmbeddedPostgres({ dataDir, log: say });
  await migrate(postgres.adminUrl, roleOf(postgres.applicationUrl));
  const owner = await createOwnerDataSource(postgres.adminUrl).initialize();
  const [{ pid }] = await owner.query('SELECT pg_backend_pid() AS pid');
  pin(parentOf(pid), OTHER_CORE);
  pin(pid, OTHER_CORE);
  return {
    owner,
    adminUrl: postgres.adminUrl,
    applicationUrl: postgres.applicationUrl,
    close: async () => {
      await owner.destroy();
      await postgres.stop();
    },
  };
}

/**
 * Creates the organizations that are not there yet, and a token for each.
 *
 * @param app the application, whose services make the tokens.
 * @returns slug -> { id, token, customerIds }, the ids being some of its customers'.
 */
export async function seed(app, owner, { withBig, say }) {
  const organizations = {};
  for (const { slug, customers } of ORGANIZATIONS.filter(({ slug }) => withBig || slug !== 'big')) {
    const [found] = await owner.query('SELECT id FROM organizations WHERE slug = $1', [slug]);
    const { id } = found ?? (await createOrganization(owner, { name: slug, slug }));
    const [{ n }] = await owner.query(
      `SELECT count(*)::int AS n FROM (SELECT FROM customers WHERE organization_id = $1 LIMIT 1) c`,
      [id],
    );
    if (n === 0) {
      say(`Inserting ${customers.toLocaleString('en')} customers into ${slug}...`);
      await insertCustomers(owner, id, customers);
    }
    const token = await runAsOrganization(id, () => mintToken(app));
    const rows = await owner.query(
      'SELECT id FROM customers WHERE organization_id = $1 ORDER BY created_at, id LIMIT 100',
      [id],
    );
    organizations[slug] = { id, token, customerIds: rows.map((row) => row.id) };
  }
  await owner.query('VACUUM (ANALYZE) customers, users, service_accounts, tokens, row_counts');
  return organizations;
}

const CITIES = ['Tokyo', 'Osaka', 'Kyoto', 'Nagoya', 'Sapporo', 'Fukuoka', 'Kobe', 'Sendai', 'Hiroshima', 'Niigata'];
const TRADES = [
  'Foods',
  'Motors',
  'Textiles',
  'Logistics',
  'Robotics',
  'Ceramics',
  'Shipping',
  'Printing',
  'Optics',
  'Chemicals',
];

/**
 * Names such as "Tokyo Motors 4711", a second apart. Searches find: "tokyo" every tenth, "k4711" one in 10,000, or 100 of a million,
 * "late-" all of the newest tenth and no other.
 */
async function insertCustomers(owner, organizationId, count) {
  await owner.query(
    `INSERT INTO customers (organization_id, name, slug, domain, external_customer_id, created_at, updated_at, created_by_id, updated_by_id)
     SELECT $1::uuid, c.name, 'c-' || n, 'c' || n || '.example', k.key, t.at, t.at, u.id, u.id
     FROM generate_series(1, $2::int) n
     JOIN users u ON u.organization_id = $1::uuid AND u.kind = 'system'
     CROSS JOIN LATERAL (SELECT ($3::text[])[1 + n % 10] || ' ' || ($4::text[])[1 + n / 10 % 10] || ' ' || n AS name) c
     CROSS JOIN LATERAL (SELECT CASE WHEN n > 0.9 * $2::int THEN 'late-' ELSE '' END || 'crm-k' || n * 7919::bigint % 10000 AS key) k
     CROSS JOIN LATERAL (SELECT date_trunc('milliseconds', now()) - make_interval(secs => $2::int - n) AS at) t`,
    [organizationId, count, CITIES, TRADES],
  );
}

/** A token of the current organization that may do everything. */
export async function mintToken(app) {
  const accounts = app.get(ServiceAccountsService);
  const tokens = app.get(TokensService);
  const author = await systemUser(app.get(DataSource));
  const account = (await accounts.find('bench')) ?? (await accounts.create({ name: 'bench' }, author));
  await tokens.revokeNamed(account.id, 'bench', author);
  const { token } = await app.get(TokenMint).create(account.id, { name: 'bench', scopes: ['write:*'] }, author);
  return token;
}

export const TENANT_TABLES = [
  'organizations',
  'users',
  'service_accounts',
  'tokens',
  'customers',
  'instances',
  'row_counts',
];

/**
 * Switches the policies of all tables off or on: the rows and the indexes stay what they are. Before that, requests of the last run that
 * nobody waits for any more are let finish: without policies they would read, and sort, all organizations' rows.
 */
export async function setPolicies(owner, enabled) {
  await sleep(1_000);
  for (const table of TENANT_TABLES) {
    await owner.query(`ALTER TABLE ${table} ${enabled ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  }
}

/** PostgreSQL's backends tell of what they did within a second, or ten when they have nothing to do; in milliseconds. */
const TOLD_WITHIN = 11_000;

/** How many tokens have been looked up by their hash so far. */
export async function countLookUps(owner) {
  await sleep(TOLD_WITHIN);
  const [{ n }] = await owner.query(
    `SELECT sum(s.idx_scan)::int AS n FROM pg_stat_user_indexes s JOIN pg_indexes i ON i.indexname = s.indexrelname
     WHERE s.relname = 'tokens' AND i.indexdef LIKE '%(hash)'`,
  );
  return n;
}

import { DEMO_FLAGS } from '../../dist/src/demo/flags.js';
import { ACCOUNTS, CUSTOMERS, EVALUATIONS, FLAGS, METADATA } from './demo-data.mjs';
import { apiOf } from './server.mjs';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Fills the organization with what `demo-data.mjs` has, through the API, and then has it be as old as it says.
 *
 * @param start milliseconds; days are counted back from it.
 */
export async function seedDemo(server, start) {
  const api = apiOf(server);
  const { owner } = server;
  const before = (days) => new Date(start - days * DAY);
  // What an owner did, who is shown as the one who did it.
  const age = (table, id, at, more = '') =>
    owner.query(`UPDATE ${table} SET created_at = $2 ${more} WHERE id = $1`, [id, at]);
  await seedCustomers(api, age, before);
  await seedAccounts(api, age, before, owner);
  await seedFlags(api, age, before, owner, start);
  await api('PUT', '/token-policy', { longestLifetimeDays: 365, expiryRequired: true });
  await nameAuthors(server);
}

async function seedCustomers(api, age, before) {
  for (const [name, domain, days, instances] of CUSTOMERS) {
    const customer = await api('POST', '/customers', { name, domain, externalCustomerId: `crm-${4000 + days}` });
    await age('customers', customer.id, before(days), `, updated_at = $2`);
    for (const [index, [instance, status, lifecycleStage]] of instances.entries()) {
      const isShown = status === 'INCIDENT';
      const made = await api('POST', '/instances', {
        name: instance,
        slug: `${customer.slug}-${instance.toLowerCase()}`,
        customerId: customer.id,
        description: `${instance} of ${name}`,
        metadata: isShown ? METADATA : {},
      });
      await api('PATCH', `/instances/${made.id}`, { status, lifecycleStage });
      await age(
        'instances',
        made.id,
        before(days - 1 - index),
        `, license_starts_at = '${before(days).toISOString()}', license_ends_at = '${before(days - 730).toISOString()}', updated_at = '${before(days / 9).toISOString()}'`,
      );
    }
  }
}

async function seedAccounts(api, age, before, owner) {
  await age('service_accounts', (await api('GET', '/service-accounts/operator')).id, before(404), ', updated_at = $2');
  await owner.query(`UPDATE tokens SET created_at = $1, expires_at = $2`, [before(3), before(-87)]);
  for (const [name, days, tokens] of ACCOUNTS) {
    const account = await api('POST', '/service-accounts', { name });
    await age('service_accounts', account.id, before(days), ', updated_at = $2');
    for (const [token, scopes, since, until, { used, from, revoked, cidrs }] of tokens) {
      const made = await api('POST', `/service-accounts/${account.slug}/tokens`, {
        name: token,
        scopes,
        allowedCidrs: cidrs,
      });
      if (revoked !== undefined) await api('DELETE', `/service-accounts/${account.slug}/tokens/${made.slug}`);
      await owner.query(
        `UPDATE tokens SET created_at = $2, expires_at = $3, last_used_at = $4, last_used_from = $5,
           revoked_at = CASE WHEN revoked_at IS NOT NULL THEN $6::timestamptz END WHERE id = $1`,
        [
          made.id,
          before(since),
          until === null ? null : before(-until),
          used === undefined ? null : before(used),
          from ?? null,
          before(revoked ?? 0),
        ],
      );
    }
  }
}

async function seedFlags(api, age, before, owner, start) {
  for (const [index, flag] of [...FLAGS, ...DEMO_FLAGS].entries()) {
    const { id, slug, variants } = await api('POST', '/feature-flags', flag);
    await age('feature_flags', id, before(140 - 17 * index), `, updated_at = '${before(index + 0.4).toISOString()}'`);
    for (const [variant, reason, busiest] of EVALUATIONS[slug] ?? []) {
      const variantId = variants.find(({ name }) => name === variant).id;
      // As many as people are awake, in steps of five minutes, for a week.
      await owner.query(
        `INSERT INTO flag_evaluations (organization_id, flag_id, started_at, variant_id, reason, variant_name, count)
         SELECT organization_id, id, at, $2, $3, $4,
           greatest(1, round($5::int / 12.0 * (0.55 - 0.45 * cos(2 * pi() * (extract(epoch FROM at - $6::timestamptz) / 86400 + 0.92)))
             * (1 + 0.06 * sin(extract(epoch FROM at - $6::timestamptz) / 1700 + $5::int))))
         FROM feature_flags, generate_series($6::timestamptz - interval '7 days', $6::timestamptz - interval '5 minutes', interval '5 minutes') at
         WHERE id = $1`,
        [id, variantId, reason, variant, busiest, new Date(start)],
      );
    }
  }
}

/** People did all this, and no system. */
async function nameAuthors({ owner, organization }) {
  await owner.query(`UPDATE users SET name = 'Mika Tanaka' WHERE organization_id = $1 AND kind = 'system'`, [
    organization.id,
  ]);
  await owner.query(`UPDATE users SET name = 'Mika Tanaka' WHERE organization_id = $1 AND name = 'Operator'`, [
    organization.id,
  ]);
}

export { DAY, HOUR };

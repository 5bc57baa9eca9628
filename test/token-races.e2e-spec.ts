import { describe, expect, it } from '@jest/globals';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import { aHolder } from './support/token-holders.js';
import { useTokens } from './support/used-tokens.js';

useApp({ poolSize: 10 });

describe('a service account that is deleted while tokens are minted for it', () => {
  it('leaves no token that is not revoked, and every mint is 201 or 404', async () => {
    const { api } = await anOrg();
    for (let round = 0; round < 5; round++) {
      const { body: account } = await api.post('/api/service-accounts', { name: 'short-lived' });
      const path = `/api/service-accounts/${account.slug}`;
      const mint = (i: number) => api.post(`${path}/tokens`, { name: `t${i}`, scopes: ['read:customers'] });
      const answers = await Promise.all([mint(0), mint(1), mint(2), api.delete(path), mint(3), mint(4), mint(5)]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses[3]).toBe(204);
      expect(statuses.filter((_, i) => i !== 3).every((status) => status === 201 || status === 404)).toBe(true);
      const alive = await testApp().owner.query<unknown[]>(
        'SELECT FROM tokens WHERE service_account_id = $1 AND revoked_at IS NULL',
        [account.id],
      );
      expect(alive).toHaveLength(0);
    }
  });
});

describe('a service account that is deleted while the last uses of its tokens are written', () => {
  it('waits for them, and not in a circle', async () => {
    const { api, org, account } = await anOrg();
    for (let round = 0; round < 3; round++) {
      const { id, slug } = await aHolder(api);
      // Those that were made last have the lowest ids.
      await testApp().owner.query(
        `INSERT INTO tokens (organization_id, id, service_account_id, name, slug, hash, last_four, scopes, created_by_id, created_at)
         SELECT $1, (lpad(to_hex(100000 - i), 8, '0') || substr(gen_random_uuid()::text, 9))::uuid, $2, 't' || i, 't' || i,
           sha256(gen_random_uuid()::text::bytea), 'abcd', '{read:*}', $3, now() + i * interval '1 second'
         FROM generate_series(1, 3000) i`,
        [org.id, id, account.id],
      );
      const tokens = await testApp().owner.query<{ id: string }[]>(
        'SELECT id FROM tokens WHERE service_account_id = $1',
        [id],
      );
      const stop = useTokens(
        testApp().dataSource,
        tokens.map((token) => token.id),
      );
      const { status } = await api.delete(`/api/service-accounts/${slug}`);
      await stop();
      expect(status).toBe(204);
      const states = await testApp().owner.query(
        'SELECT bool_and(revoked_at IS NOT NULL) AS revoked, bool_and(last_used_at IS NOT NULL) AS used FROM tokens WHERE service_account_id = $1',
        [id],
      );
      expect(states).toEqual([{ revoked: true, used: true }]);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';

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

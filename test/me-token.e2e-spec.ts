import { beforeAll, describe, expect, it } from '@jest/globals';
import { GRANTED_SCOPES } from '../src/auth/scopes.js';
import { Api, anonymous } from './support/api.js';
import { useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import { aHolder } from './support/token-holders.js';

useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

describe('DELETE /api/me/token', () => {
  it('204: the token that asks is refused from then on, and says that it was its own doing', async () => {
    const holder = await aHolder(org.api);
    const [{ token, slug }, other] = [await holder.created({ scopes: ['read:users'] }), await holder.created()];
    const { status, text } = await new Api(token).delete('/api/me/token');
    expect([status, text]).toEqual([204, '']);
    expect((await new Api(token).get('/api/me')).body.code).toBe('Auth.InvalidToken');
    expect((await holder.show(slug)).revokedBy).toEqual({ id: holder.id, name: 'Holder' });
    expect((await new Api(other.token).get('/api/me')).status).toBe(200);
  });

  it('204: whatever its scopes', async () => {
    for (const scope of GRANTED_SCOPES) {
      const api = await org.as(scope);
      expect([scope, (await api.delete('/api/me/token')).status]).toEqual([scope, 204]);
      expect([scope, (await api.get('/api/me')).status]).toEqual([scope, 401]);
    }
  });

  it('401 without a token, and again with the one that it has revoked', async () => {
    expect((await anonymous.delete('/api/me/token')).body.code).toBe('Auth.NoIdentity');
    const api = await org.as('write:*');
    await api.delete('/api/me/token');
    expect((await api.delete('/api/me/token')).body.code).toBe('Auth.InvalidToken');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { claimsOf, part, send, validated, whoIs } from '../support/jwt.js';
import { anOrg } from '../support/organizations.js';
import { expectRefusal } from '../support/refusals.js';

/** As the server is when nobody says anything of gateways: it trusts no network. */
useApp();

let jwt: string;
let token: string;
beforeAll(async () => {
  token = (await anOrg()).api.token!;
  jwt = await validated(token);
});

const servers: ExtraServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

describe('a principal that comes from nowhere in particular', () => {
  it('401, and which setting decides that', async () => {
    const answer = await whoIs(jwt);
    expectRefusal(answer, 'Auth.UntrustedGateway');
    expect(answer.body.detail).toContain('GATEWAY_TRUSTED_CIDRS');
    expect(answer.text).not.toContain('127.0.0.1');
  });

  it.each<[string, () => string]>([
    ['one with no claims', () => `${part({ alg: 'none' })}.${part({})}.`],
    ['one that is signed', () => `${part({ alg: 'EdDSA' })}.${part(claimsOf(jwt))}.${part('x')}`],
    ['one that is no JSON', () => 'a.b.c'],
    ['two dots', () => '..'],
    ['a token with two dots', () => `${token.slice(0, 10)}.${token.slice(10, 20)}.${token.slice(20)}`],
  ])('401 the same for %s: nothing of it is looked at', async (_, forge) => {
    expectRefusal(await whoIs(forge()), 'Auth.UntrustedGateway');
  });

  it.each([
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-For', '10.0.0.1, 127.0.0.1'],
    ['X_Forwarded_For', '127.0.0.1'],
    ['X-Real-IP', '127.0.0.1'],
    ['Forwarded', 'for=127.0.0.1;by=127.0.0.1'],
    ['X-Client-IP', '127.0.0.1'],
    ['True-Client-IP', '127.0.0.1'],
    ['Via', '1.1 gateway'],
  ])('401 whatever it says of where it comes from: %s: %s', async (name, value) => {
    expectRefusal(
      await send('GET /api/me', `${name}: ${value}`, `Authorization: Bearer ${jwt}`),
      'Auth.UntrustedGateway',
    );
  });

  it('200 for the token itself, all the same', async () => {
    expect((await whoIs(token)).status).toBe(200);
  });
});

describe('GATEWAY_TRUSTED_CIDRS', () => {
  it.each([
    ['127.0.0.1', 200],
    ['10.0.0.0/8,127.0.0.0/8', 200],
    ['::ffff:127.0.0.1', 200],
    ['10.0.0.0/8', 401],
    ['127.0.0.0/32', 401],
    ['127.0.0.2', 401],
    ['::1', 401],
    ['::7f00:0/112', 401],
  ])('%s: %i for a peer at 127.0.0.1', async (networks, status) => {
    const server = await startExtraServer({ GATEWAY_TRUSTED_CIDRS: networks });
    servers.push(server);
    const answer = await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${jwt}` } });
    expect(answer.status).toBe(status);
    if (status === 200) return;
    const body = (await answer.json()) as { code: string };
    expect(body.code).toBe('Auth.UntrustedGateway');
    expect(JSON.stringify(body)).not.toContain(networks.split('/')[0]);
  });

  it('counts for nothing where principals are signed', async () => {
    const server = await startExtraServer({ GATEWAY_TRUSTED_CIDRS: '127.0.0.1', PRINCIPAL_JWT: 'signed' });
    servers.push(server);
    const answer = await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${jwt}` } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'Auth.InvalidToken']);
  });
});

import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { examineGateway } from '../../src/doctor/examine-gateway.js';
import { generateToken } from '../../src/tokens/token-format.js';
import { testApp } from '../support/app.js';
import type { Gateway, Kind } from '../support/gateways.js';
import { KINDS, startGateway } from '../support/gateways.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { freePort } from '../support/ports.js';
import { exchange } from './exchange.js';
import type { Exchange } from './exchange.js';

/** What the server was sent. */
interface Arrived {
  readonly method: string;
  readonly url: string;
  /** Names in lower case; of several of one name, all. */
  readonly headers: Readonly<Record<string, string[]>>;
}

const PRINCIPAL = /^Bearer [\w-]+\.[\w-]+\.[\w-]*$/;

/** The cases of both modes. @param signed whether principals are. */
export function describeGateways(signed: boolean): void {
  describe.each(KINDS)('%s', (kind) => describeGateway(kind, signed));
}

function describeGateway(kind: Kind, signed: boolean): void {
  let gateway: Gateway;
  let org: TestOrganization;
  let token: string;
  let arrived: Arrived[];

  beforeAll(async () => {
    const { port } = testApp().server.address() as AddressInfo;
    testApp().server.on('request', (request) => {
      const headers: Record<string, string[]> = {};
      for (let i = 0; i < request.rawHeaders.length; i += 2) {
        (headers[request.rawHeaders[i]!.toLowerCase()] ??= []).push(request.rawHeaders[i + 1]!);
      }
      arrived.push({ method: request.method!, url: request.url!, headers });
    });
    gateway = await startGateway(kind, { api: port, console: port });
    org = await anOrg();
    token = org.api.token!;
    arrived = [];
    for (const name of ['Sakura Tokyo', 'Sakura Osaka', 'Sakura Kyoto']) {
      await org.api.post('/api/customers', { name });
    }
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    arrived = [];
  });

  const ask = (path: string, options?: Exchange): ReturnType<typeof exchange> => exchange(gateway.url + path, options);
  const as = (credential: string, ...more: string[]): Exchange => ({
    headers: ['Authorization', `Bearer ${credential}`, ...more],
  });

  describe('the flow', () => {
    it('a token is exchanged for its principal, and the API answers', async () => {
      const { status, body } = await ask('/api/customers?sort=name', as(token));
      expect([status, body.total]).toEqual([200, 3]);
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
        'Sakura Kyoto',
        'Sakura Osaka',
        'Sakura Tokyo',
      ]);
      const [asked, passedOn, ...more] = arrived;
      expect(more).toEqual([]);
      expect([asked!.url, asked!.headers.authorization]).toEqual(['/api/tokens/validate', [`Bearer ${token}`]]);
      expect([passedOn!.url, passedOn!.headers.authorization]).toEqual([
        '/api/customers?sort=name',
        [expect.stringMatching(PRINCIPAL)],
      ]);
      const [header, , signature] = passedOn!.headers.authorization![0]!.slice('Bearer '.length).split('.');
      const { alg } = JSON.parse(Buffer.from(header!, 'base64url').toString());
      expect([alg, signature !== '']).toEqual(signed ? ['EdDSA', true] : ['none', false]);
    });

    it('a body goes to the API and not to validate, nor does any header but Authorization', async () => {
      const more = ['Cookie', 'a=b', 'X-Anything', '1', 'Content-Type', 'application/json'];
      const { status, body } = await ask('/api/customers', {
        ...as(token, ...more),
        method: 'POST',
        body: JSON.stringify({ name: `Sakura ${kind}` }),
      });
      expect([status, body.name]).toEqual([201, `Sakura ${kind}`]);
      const [asked, passedOn] = arrived;
      expect([asked!.url, passedOn!.method, passedOn!.headers['x-anything']]).toEqual([
        '/api/tokens/validate',
        'POST',
        ['1'],
      ]);
      for (const name of ['cookie', 'content-type', 'transfer-encoding']) {
        expect([name, asked!.headers[name]]).toEqual([name, undefined]);
      }
      // Caddy has no allow-list, see docker/Caddyfile.
      if (kind !== 'caddy') expect(asked!.headers['x-anything']).toBeUndefined();
      expect(asked!.headers['content-length'] ?? ['0']).toEqual(['0']);
    });

    it('a long body goes through, and one that is too long does not', async () => {
      const post = (length: number): ReturnType<typeof exchange> =>
        ask('/api/customers', {
          ...as(token, 'Content-Type', 'application/json'),
          method: 'POST',
          body: JSON.stringify({ name: 'x'.repeat(length) }),
        });
      const long = await post(500_000);
      expect([long.status, long.body.code]).toEqual([422, 'VALIDATION_FAILED']);
      // nginx says so itself. The others pass on what the server says before the body is through, where they get to read it.
      if (kind !== 'nginx') return;
      const tooLong = await post(1_500_000);
      expect([tooLong.status, tooLong.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    });

    it("the API's own refusals pass through", async () => {
      const reader = await org.as('read:instances');
      const refused = await ask('/api/customers', as(reader.token!));
      expect([refused.status, refused.body.code]).toEqual([403, 'Auth.MissingScope']);
      const missing = await ask('/api/customers/nobody', as(token));
      expect([missing.status, missing.body.code]).toEqual([404, 'Customer.NotFound']);
    });

    it('what is public is answered, and the API gets no credential with it', async () => {
      for (const path of ['/api/healthz', '/api/readyz', '/api/openapi.json', '/api/docs', '/.well-known/jwks.json']) {
        expect([path, (await ask(path, as('forged.principal.'))).status]).toEqual([path, 200]);
      }
      expect(arrived.flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
    });
  });

  describe('refusals', () => {
    it.each([
      ['no credential', undefined, 'MissingAuthorizationHeader'],
      ['an empty one', '', 'MissingAuthorizationHeader'],
      ['garbage', 'Bearer garbage', 'Invalid'],
      ['a token that nobody has', `Bearer ${generateToken()}`, 'Invalid'],
      ['another scheme', 'Basic a2FpdGVuOmthaXRlbg==', 'Invalid'],
    ])("%s: 401, validate's own problem, and the API is not asked", async (_, authorization, reason) => {
      const headers = authorization === undefined ? [] : ['Authorization', authorization];
      const { status, headers: answered, body } = await ask('/api/customers', { headers });
      expect([status, body.code, body.status]).toEqual([401, `ValidateToken.${reason}`, 401]);
      expect(answered['content-type']).toEqual(['application/problem+json']);
      expect(answered['www-authenticate']).toEqual([expect.stringMatching(/^Bearer realm="kaiten"/)]);
      expect(answered.authorization).toBeUndefined();
      expect(new Set(arrived.map(({ url }) => url))).toEqual(new Set(['/api/tokens/validate']));
    });

    it('a revoked token is refused at the next request', async () => {
      const { body: minted } = await org.api.post(`/api/service-accounts/${org.account.slug}/tokens`, {
        name: `short ${kind}`,
        scopes: ['read:customers'],
      });
      expect((await ask('/api/customers', as(minted.token))).status).toBe(200);
      await org.api.delete(`/api/service-accounts/${org.account.slug}/tokens/${minted.id}`);
      const { status, body } = await ask('/api/customers', as(minted.token));
      expect([status, body.code]).toEqual([401, 'ValidateToken.Invalid']);
    });

    it('a principal is nothing that a client could send, not even a genuine one', async () => {
      await ask('/api/me', as(token));
      const principal = arrived.at(-1)!.headers.authorization![0]!;
      arrived = [];
      const { status, body } = await ask('/api/me', { headers: ['Authorization', principal] });
      expect([status, body.code]).toEqual([401, 'ValidateToken.Invalid']);
      expect(arrived.map(({ url }) => url)).not.toContain('/api/me');
    });

    it('validate is for the gateway', async () => {
      const { status, headers } = await ask('/api/tokens/validate', as(token));
      expect([status, headers.authorization]).toEqual([404, undefined]);
      expect(arrived).toEqual([]);
    });
  });

  describe("the client's address", () => {
    it('is that of its socket, to validate and to the API, whatever it says', async () => {
      const lies = ['X-Forwarded-For', '203.0.113.7', 'x-forwarded-for', '203.0.113.8', 'Forwarded', 'for=203.0.113.7'];
      const { body } = await ask('/api/me', { ...as(token, ...lies), localAddress: '127.0.0.9' });
      expect(body.clientAddress).toBe('127.0.0.9');
      expect(arrived.map(({ headers }) => headers['x-forwarded-for'])).toEqual([['127.0.0.9'], ['127.0.0.9']]);
    });

    it('is what the networks of a token are held against', async () => {
      const { body: minted } = await org.api.post(`/api/service-accounts/${org.account.slug}/tokens`, {
        name: `limited ${kind}`,
        scopes: ['read:customers'],
        allowedCidrs: ['127.0.0.9/32'],
      });
      const from = async (localAddress: string, ...more: string[]): Promise<number> =>
        (await ask('/api/customers', { ...as(minted.token, ...more), localAddress })).status;
      expect(await from('127.0.0.9')).toBe(200);
      expect(await from('127.0.0.8')).toBe(401);
      for (const name of ['X-Forwarded-For', 'X-Real-IP', 'X_Forwarded_For']) {
        expect([name, await from('127.0.0.8', name, '127.0.0.9')]).toEqual([name, 401]);
      }
    });
  });

  describe('the console', () => {
    const askConsole = (path: string, options?: Exchange): ReturnType<typeof exchange> =>
      exchange(gateway.consoleUrl + path, options);

    it('is reached without a credential, and with a good one', async () => {
      expect((await askConsole('/')).headers.location).toEqual(['/api/docs']);
      expect((await askConsole('/api/me')).body.code).toBe('Auth.NoIdentity');
      expect((await askConsole('/api/me', as(token))).body.organization.id).toBe(org.org.id);
    });

    it('is not reached with a bad one', async () => {
      for (const credential of ['garbage', 'forged.principal.']) {
        const { status, body } = await askConsole('/api/me', as(credential));
        expect([status, body.code]).toEqual([401, 'ValidateToken.Invalid']);
      }
    });
  });

  it('the doctor finds nothing', async () => {
    const directUrl = `http://127.0.0.1:${await freePort()}`;
    const results = await examineGateway({ url: gateway.url, directUrl, token });
    expect(results.filter(({ outcome }) => outcome === 'finding' || outcome === 'undecided')).toEqual([]);
    expect(results.filter(({ outcome }) => outcome === 'skipped').map(({ probe }) => probe)).toEqual([
      'a principal of validate, sent by the client',
    ]);
    expect(results.length).toBeGreaterThan(80);
    // Nothing of what it sent has got past validation but the token's own principal.
    const reached = arrived.filter(({ url }) => !/validate|healthz|docs|openapi/.test(url));
    const ids = new Set(reached.map(({ headers }) => headers.authorization?.[0]?.split('.')[1]));
    expect(reached.length).toBeGreaterThan(15);
    expect(ids.size).toBeLessThan(5);
  });
}

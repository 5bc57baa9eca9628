import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { PUBLISHED_AHEAD } from '../../src/gateway/principal-keys.js';
import { SigningKeys } from '../../src/gateway/signing-keys.js';
import { useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import { databaseUrl } from '../support/database.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { send, signingKey } from '../support/jwt.js';
import { RawConnection } from '../support/raw-http.js';

useApp({ env: { PRINCIPAL_JWT: 'signed' } });

const PATH = '/.well-known/jwks.json';

const servers: ExtraServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

describe(`GET ${PATH}`, () => {
  it('200 with the public keys, to everybody', async () => {
    const { status, headers, text } = await send(`GET ${PATH}`);
    expect([status, headers['content-type']]).toEqual([200, 'application/jwk-set+json']);
    const { kid, x } = await signingKey();
    expect(JSON.parse(text)).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' }] });
  });

  it('may be kept by verifiers, but for less time than a key is published before it signs', async () => {
    const [, seconds] = /^public, max-age=(\d+)$/.exec((await send(`GET ${PATH}`)).headers['cache-control']!)!;
    // Processes read the keys every five seconds, and go on with those that they have for thirty.
    expect(Number(seconds)).toBeLessThan(PUBLISHED_AHEAD - 30);
  });

  it('200 to HEAD, with the same headers and no body', async () => {
    const [get, head] = [await send(`GET ${PATH}`), await send(`HEAD ${PATH}`)];
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['content-type', 'content-length', 'cache-control'])
      expect(head.headers[name]).toBe(get.headers[name]);
  });

  it('200 with an empty set where principals are not signed', async () => {
    const server = await startExtraServer({});
    servers.push(server);
    const response = await fetch(server.url + PATH);
    expect([response.status, await response.json()]).toEqual([200, { keys: [] }]);
  });

  it('503 while the keys are not known', async () => {
    const url = new URL(databaseUrl());
    const way = await CutOff.to(Number(url.port));
    url.port = String(way.port);
    const server = await startExtraServer({ PRINCIPAL_JWT: 'signed' }, { databaseUrl: url.href });
    servers.push(server);
    await server.app.get(SigningKeys).reread();
    await way.cut();
    expect((await fetch(server.url + PATH)).status).toBe(200);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 31_000);
    const response = await fetch(server.url + PATH);
    jest.restoreAllMocks();
    const { code } = (await response.json()) as { code: string };
    expect([response.status, response.headers.get('retry-after'), code]).toEqual([503, '1', 'UNAVAILABLE']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('405 to %s', async (method) => {
    const { status, headers, body } = await send(`${method} ${PATH}`);
    expect([status, headers.allow, body.code]).toEqual([405, 'GET, HEAD', 'METHOD_NOT_ALLOWED']);
  });

  it('405 before a body, which is not read: the connection ends', async () => {
    const connection = await RawConnection.open();
    connection.write(`POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000000\r\n\r\n`);
    const { status, headers } = await connection.answer();
    expect([status, headers.connection]).toEqual([405, 'close']);
    await connection.closed();
  });

  it.each([`${PATH}/`, `${PATH}/x`, '/.well-known', `/api${PATH}`, PATH.toUpperCase(), `/${PATH}`])(
    '404 at %s',
    async (path) => {
      expect((await send(`GET ${path}`)).status).toBe(404);
    },
  );
});

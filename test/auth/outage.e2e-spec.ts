import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { readEnv } from '../../src/config/env.js';
import { createLogger } from '../../src/config/logger.js';
import { createDataSource } from '../../src/database/data-source.js';
import { ENTITIES } from '../../src/entities.js';
import { createHttpServer } from '../../src/http/listen.js';
import { createRequestHandler } from '../../src/request-handler.js';
import { createApp } from '../../src/setup-app.js';
import { generateToken } from '../../src/tokens/token-format.js';
import { useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import { databaseUrl } from '../support/database.js';
import { anOrg } from '../support/organizations.js';
import { untold } from '../support/told.js';

/** Mints tokens; the application that is asked is another, whose database goes away. */
useApp();

let way: CutOff;
let app: NestExpressApplication;
let server: Server;
let token: string;

beforeAll(async () => {
  const url = new URL(databaseUrl());
  way = await CutOff.to(Number(url.port));
  url.port = String(way.port);
  const dataSource = await createDataSource({ url: url.href, poolSize: 2, entities: ENTITIES }).initialize();
  app = await createApp(readEnv({}), createLogger({ logLevel: 'silent' }), dataSource);
  server = createHttpServer(createRequestHandler(app));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  token = (await anOrg()).api.token!;
}, 20_000);

afterEach(() => way.mend());

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await app.close();
  await way.cut();
});

async function ask(path: string, credential?: string) {
  const headers: Record<string, string> = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers });
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as { code: string };
  return { status: response.status, headers: response.headers, body };
}

/** The first answer of the wanted status within five seconds, or the last of another. */
async function eventually(status: number, path = '/api/me'): Promise<number> {
  let last = 0;
  for (const deadline = Date.now() + 5_000; Date.now() < deadline && last !== status;)
    last = (await ask(path, token)).status;
  return last;
}

describe('while the database is away', () => {
  it('a token is neither believed nor refused: 503, and when to try again', async () => {
    expect((await ask('/api/me', token)).status).toBe(200);
    await way.cut();
    await untold({ app });
    for (const credential of [token, generateToken()]) {
      for (const path of ['/api/me', '/api/customers']) {
        const { status, body, headers } = await ask(path, credential);
        expect([path, status, body.code]).toEqual([path, 503, 'UNAVAILABLE']);
        expect(headers.get('retry-after')).toMatch(/^\d+$/);
        expect(headers.get('www-authenticate')).toBeNull();
      }
    }
  });

  it('what can be decided without it is: 401 without a token, and for one that cannot be ours', async () => {
    await way.cut();
    for (const credential of [undefined, 'ksh_short', `${token.slice(0, -1)}-`])
      expect((await ask('/api/me', credential)).status).toBe(401);
    expect((await ask('/api/healthz')).status).toBe(200);
  });

  it('a token in memory is believed for two seconds at the most, and then neither believed nor refused', async () => {
    for (const path of ['/api/tokens/validate', '/api/me']) {
      expect(await eventually(200, path)).toBe(200);
      const cutAt = performance.now();
      await way.cut();
      let last;
      for (;;) {
        const askedAt = performance.now();
        last = await ask(path, token);
        if (last.status !== 200) break;
        expect(askedAt - cutAt).toBeLessThan(2_000);
      }
      expect([path, last.status, last.headers.get('retry-after')]).toEqual([path, 503, '1']);
      await way.mend();
    }
  });

  it('a gateway is told that nobody can tell: 503, and never 401 or 200', async () => {
    await way.cut();
    await untold({ app });
    for (const credential of [token, generateToken()]) {
      const { status, body, headers } = await ask('/api/tokens/validate', credential);
      expect([status, body.code]).toEqual([503, 'ValidateToken.Undecidable']);
      expect(headers.get('retry-after')).toBe('1');
      expect(headers.get('authorization')).toBeNull();
      expect(headers.get('www-authenticate')).toBeNull();
    }
    for (const credential of [undefined, 'ksh_short', `${token.slice(0, -1)}-`])
      expect((await ask('/api/tokens/validate', credential)).status).toBe(401);
  });

  it('it is back for requests as soon as it is back', async () => {
    await way.cut();
    await untold({ app });
    expect((await ask('/api/me', token)).status).toBe(503);
    await way.mend();
    expect(await eventually(200)).toBe(200);
  });

  it('a database that takes connections and says nothing is one that is away', async () => {
    await way.silence();
    await untold({ app });
    const { status, body } = await ask('/api/me', token);
    expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
  }, 15_000);
});

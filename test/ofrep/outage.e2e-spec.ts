import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { evaluate } from '../support/announced-streams.js';
import { useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import { databaseUrl } from '../support/database.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { createFlag, FLAGS } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import { untold } from '../support/told.js';

jest.setTimeout(30_000);
useApp();

let way: CutOff;
let server: ExtraServer;
let token: string;

beforeAll(async () => {
  const url = new URL(databaseUrl());
  way = await CutOff.to(Number(url.port));
  url.port = String(way.port);
  // A page may ask.
  server = await startExtraServer({ FLAGS_CORS_ORIGINS: 'https://app.example.com' }, { databaseUrl: url.href });
  const { api } = await anOrg();
  await createFlag(api, 'plain');
  token = api.token!;
});
afterEach(() => way.mend());
afterAll(async () => {
  await server?.close();
  await way?.cut();
});

const ask = (path: string): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, origin: 'https://app.example.com' },
  });

/** From here on the database is away, and nothing of tokens or flags that is in memory is believed. */
async function cut(): Promise<void> {
  await way.cut();
  await untold(server);
}

/** Waits until the database is back for a path. @throws Error after 10 s. */
async function recovered(path: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (let status = 0; status !== 200;) {
    ({ status } = await ask(path));
    if (Date.now() > deadline) throw new Error(`${path} still answers ${status}`);
  }
}

describe('while the database is away', () => {
  it.each([
    ['single', `${FLAGS}/plain`, { key: 'plain' }],
    ['bulk', FLAGS, {}],
  ])('%s: 503 in the words of the protocol, when to try again, and no refusal', async (_, path, key) => {
    await recovered(path);
    await cut();
    const response = await ask(path);
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ ...key, code: 'UNAVAILABLE', errorCode: 'GENERAL', errorDetails: expect.any(String) }),
    ]);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After');
    await way.mend();
    await recovered(path);
  });

  it.each([
    ['ahead of the framework', '?'],
    ['through the framework', '/?'],
  ])('streams, %s: 503, with the id that stands in the log', async (_, start) => {
    await recovered(FLAGS);
    const { status, streamUrl } = await evaluate(server.url, token);
    expect(status).toBe(200);
    await cut();
    const response = await fetch(streamUrl!.replace('?', start));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    const logged = server
      .log()
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: 'UNAVAILABLE', requestId: response.headers.get('x-request-id') }),
    );
  });
});

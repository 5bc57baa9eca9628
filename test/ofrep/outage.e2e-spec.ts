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
  // Nothing of tokens or flags stays in memory while the database is away; a page may ask.
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

async function cut(): Promise<void> {
  await way.cut();
  await untold(server.app);
}

/** The answer of once the database is back. */
async function answerOf(path: string): Promise<Response> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const response = await ask(path);
    if (response.status === 200) return response;
    expect(Date.now()).toBeLessThan(deadline);
  }
}

describe('while the database is away', () => {
  it.each([
    ['single', `${FLAGS}/plain`, { key: 'plain' }],
    ['bulk', FLAGS, {}],
  ])('%s: 503 in the words of the protocol, when to try again, and no refusal', async (_, path, key) => {
    await answerOf(path);
    await cut();
    const response = await ask(path);
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ ...key, code: 'UNAVAILABLE', errorCode: 'GENERAL', errorDetails: expect.any(String) }),
    ]);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After');
    await way.mend();
    await answerOf(path);
  });

  it.each([
    ['ahead of the framework', '?'],
    ['through the framework', '/?'],
  ])('streams, %s: 503, with the id that stands in the log', async (_, start) => {
    await answerOf(FLAGS);
    const { streamUrl } = await evaluate(server.url, token);
    await cut();
    const response = await fetch(streamUrl!.replace('?', start));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    const logged = server
      .log()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: 'UNAVAILABLE', requestId: response.headers.get('x-request-id') }),
    );
  });
});

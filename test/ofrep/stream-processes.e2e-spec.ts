import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { evaluate, openStream } from '../support/announced-streams.js';
import { EventStream } from '../support/event-stream.js';
import { flagBody } from '../support/flags.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { freshDatabase } from '../support/fresh-database.js';
import { kaitenWith } from '../support/kaiten.js';
import { freePorts } from '../support/ports.js';
import { pause, ServerProcess } from '../support/server-process.js';

jest.setTimeout(60_000);

let database: FreshDatabase;
let first: ServerProcess;
let second: ServerProcess;
let token: string;
let environment: Record<string, string>;
/** As the servers' role, which may end its own sessions. */
let application: pg.Client;
const open: EventStream[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  environment = { DATABASE_URL: database.url, DATABASE_ADMIN_URL: database.adminUrl };
  first = await start();
  second = await start();
  application = new pg.Client({ connectionString: database.url });
  await application.connect();
  const ofAcme = ['--organization', 'acme', '--name', 'app', '--slug', 'app'];
  await kaitenWith(environment, 'organization', 'create', '--name', 'Acme', '--slug', 'acme');
  await kaitenWith(environment, 'service-account', 'create', ...ofAcme);
  const minted = await kaitenWith(
    environment,
    ...['token', 'create', '--organization', 'acme', '--service-account', 'app', '--name', 'admin'],
    ...['--scope', 'write:*', '--json'],
  );
  token = minted.value.token;
  await send(first, 'POST', '', flagBody('switch'));
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});
afterAll(async () => {
  await application?.end();
  await Promise.all([first?.stop(), second?.stop()]);
  await database?.drop();
});

async function start(): Promise<ServerProcess> {
  const dataDir = join(tmpdir(), `kaiten-unused-${randomUUID()}`);
  return new ServerProcess(dataDir, await freePorts(), environment).ready();
}

async function send(server: ServerProcess, method: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${server.url}/api/feature-flags${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
}

let isOn = false;
const flip = (server: ServerProcess): Promise<void> =>
  send(
    server,
    'PUT',
    '/switch',
    flagBody('switch', { default_variant: { type: 'basic', value: (isOn = !isOn) ? 'on' : 'off' } }),
  );

async function connect(server: ServerProcess): Promise<EventStream> {
  const stream = await openStream(server.url, token);
  open.push(stream);
  return stream;
}

describe('streams of two processes', () => {
  it('tell of a change through either, and what clients then ask for has it', async () => {
    const streams = [await connect(first), await connect(second)];
    for (const [round, writing] of [first, second, first, second].entries()) {
      await flip(writing);
      const events = await Promise.all(streams.map((stream) => stream.event(round + 1)));
      expect(events[0]!.id).toBe(events[1]!.id);
      for (const server of [first, second]) {
        const { body } = await evaluate(server.url, token);
        expect(body.flags[0].value).toBe(isOn);
      }
    }
    expect(streams.map(({ events }) => events.length)).toEqual([4, 4]);
  });

  it('open with a ticket of the other', async () => {
    const { streamUrl } = await evaluate(first.url, token);
    const { pathname, search } = new URL(streamUrl!);
    const stream = await EventStream.open(second.url + pathname + search);
    open.push(stream);
    await stream.until(() => stream.retry !== undefined);
    expect([stream.status, stream.events]).toEqual([200, []]);
    // Both give the same ticket, as long as it is the same step of time.
    const urls = new Set<string>();
    for (const server of [first, second, first, second]) {
      const url = new URL((await evaluate(server.url, token)).streamUrl!);
      urls.add(url.search);
    }
    expect(urls.size).toBeLessThan(3);
  });

  it('tell afterwards what happened while notifications did not arrive', async () => {
    const stream = await connect(second);
    for (let round = 1; round <= 3; round += 1) {
      await application.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name IN ('kaiten-server listening', 'kaiten-server heartbeat') AND datname = current_database()`,
      );
      await flip(first);
      await stream.event(round);
    }
  });

  it('end when a token is revoked at the other process', async () => {
    const minted = await kaitenWith(
      environment,
      ...[
        'token',
        'create',
        '--organization',
        'acme',
        '--service-account',
        'app',
        '--name',
        'brief',
        '--slug',
        'brief',
      ],
      ...['--scope', 'read:feature_flags', '--json'],
    );
    const stream = await openStream(second.url, minted.value.token);
    open.push(stream);
    const path = '/api/service-accounts/app/tokens/brief';
    await fetch(first.url + path, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    await stream.ended();
  });
});

describe('a process that is told to stop', () => {
  it('does so at once, though streams are open, and its clients find the other one', async () => {
    const third = await start();
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(third.url, token)));
    const began = performance.now();
    expect(await third.stop()).toBe(0);
    // Far below SHUTDOWN_GRACE_SECONDS.
    expect(performance.now() - began).toBeLessThan(5_000);
    for (const stream of streams) await stream.ended();
  });
});

describe('the log', () => {
  it('has a line for a stream when it is over, and no ticket', async () => {
    const { streamUrl } = await evaluate(first.url, token);
    const stream = await EventStream.open(streamUrl!);
    await stream.until(() => stream.retry !== undefined);
    stream.close();
    const { status } = await EventStream.open(streamUrl!.slice(0, -1));
    expect(status).toBe(401);
    const lines = (): string[] => first.stdout.split('\n').filter((line) => line.includes('/api/ofrep/v1/events'));
    const has = (text: string): boolean => lines().some((line) => line.includes(text));
    for (let waited = 0; waited < 100 && !(has('"status":401') && has('"aborted":true')); waited += 1) await pause(20);
    expect([has('"status":401'), has('"aborted":true'), has('"organizationId"')]).toEqual([true, true, true]);
    const ticket = new URL(streamUrl!).searchParams.get('ticket')!;
    for (const output of [first.stdout, first.stderr]) {
      expect(output).not.toContain(ticket.slice(0, 20));
      expect(output).not.toContain('ticket=');
    }
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { LONGEST_SILENCE, Notifications } from '../../src/database/notifications.js';
import { databaseUrl, openDataSource } from '../support/database.js';
import { DelayedWay } from '../support/delayed-way.js';
import { pause } from '../support/server-process.js';

jest.setTimeout(60_000);

const CHANNEL = 'notifications_spec';

let way: DelayedWay;
let sender: DataSource;
let notifications: Notifications;
let delivered: string[];
let connections: number;
let interruptions: string[];

beforeEach(async () => {
  [way, sender] = await Promise.all([DelayedWay.to(databaseUrl()), openDataSource(1)]);
  [delivered, interruptions, connections] = [[], [], 0];
  notifications = new Notifications({
    url: way.url,
    logger: { warn: ({ reason }: { reason: string }) => interruptions.push(reason) } as unknown as Logger,
  });
  notifications.subscribe({
    channel: CHANNEL,
    onNotification: (payload) => delivered.push(payload),
    onConnected: () => (connections += 1),
  });
  notifications.start();
  await current();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await notifications.stop();
  await Promise.all([way.close(), sender.destroy()]);
});

async function current(): Promise<void> {
  while (!notifications.isCurrent()) await pause(10);
}

const notify = (payload: string): Promise<unknown> => sender.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);

describe('notifications that arrive', () => {
  it('are there once they are settled, in the order of commits', async () => {
    for (let round = 0; round < 50; round += 1) {
      await notify(`${round}`);
      expect(await notifications.settled()).toBe(true);
      expect(delivered.at(-1)).toBe(`${round}`);
    }
    expect(delivered).toHaveLength(50);
  });

  it('may be waited for by many at once', async () => {
    await notify('x');
    expect(await Promise.all(Array.from({ length: 20 }, () => notifications.settled()))).not.toContain(false);
  });
});

describe('notifications that are late', () => {
  it('are never taken to have arrived: either they have, or nobody says so', async () => {
    way.delay = LONGEST_SILENCE - 200;
    await pause(2 * LONGEST_SILENCE);
    for (let round = 0; round < 3; round += 1) {
      await notify(`${round}`);
      if (await notifications.settled()) expect(delivered).toContain(`${round}`);
      await pause(300);
    }
  });

  it('by longer than the longest silence are as good as none, for as long as they are', async () => {
    way.delay = LONGEST_SILENCE + 300;
    await pause(LONGEST_SILENCE);
    for (const end = Date.now() + 3_000; Date.now() < end; await pause(20))
      expect(notifications.isCurrent()).toBe(false);
    expect(await notifications.settled()).toBe(false);
    // It is one and the same connection: heartbeats do arrive.
    expect(interruptions).toEqual([]);
    way.delay = 0;
    await current();
  });
});

describe('notifications that stop without a word', () => {
  it('are missed after the longest silence, by those who wait as well; then they are listened to anew', async () => {
    way.delay = Infinity;
    const began = performance.now();
    expect(await notifications.settled()).toBe(false);
    expect(performance.now() - began).toBeLessThan(LONGEST_SILENCE + 1_000);
    expect(notifications.isCurrent()).toBe(false);
    expect(connections).toBe(1);
    while (interruptions.length === 0) await pause(10);
    way.delay = 0;
    await current();
    expect([connections, interruptions[0]]).toEqual([2, 'no heartbeat arrived']);
  });

  it('before they have begun are given up as well, and do not keep the process from stopping', async () => {
    way.delay = Infinity;
    while (interruptions.length < 2) await pause(10);
    expect(interruptions).toEqual(['no heartbeat arrived', expect.stringMatching(/took too long|timeout/)]);
    expect(connections).toBe(1);
    const began = performance.now();
    await notifications.stop();
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

it('a machine that has slept believes nothing: its other clock has not gone on', () => {
  expect(notifications.isCurrent()).toBe(true);
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + LONGEST_SILENCE);
  expect(notifications.isCurrent()).toBe(false);
});

it('connections that are ended again and again leave nothing behind', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  try {
    for (let round = 1; round <= 12; round += 1) {
      await way.cut();
      while (connections === round) await pause(10);
      await current();
    }
    await pause(20);
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
    expect(interruptions).toHaveLength(12);
  } finally {
    process.off('warning', onWarning);
  }
});

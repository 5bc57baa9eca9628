import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import type { Client } from '@openfeature/web-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { FlagStreams } from '../../src/ofrep/streams/flag-streams.js';
import { ticketCodec } from '../../src/ofrep/streams/stream-tickets.js';
import { hashToken } from '../../src/tokens/token-format.js';
import { testApp, useApp } from '../support/app.js';
import { createFlag, replaceFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useApp();

/** What a browser has and Node has not. */
const page = globalThis as { EventSource?: unknown; localStorage?: unknown };

let org: TestOrganization;
let token: string;
beforeAll(async () => {
  page.EventSource = EventSource;
  org = await anOrg();
  token = (await org.as('read:feature_flags')).token!;
  await createFlag(org.api, 'switch');
});
afterEach(() => OpenFeature.close());
afterAll(() => {
  delete page.EventSource;
  delete page.localStorage;
});

const provider = (cacheMode: 'disabled' | 'local-cache-first'): OFREPWebProvider =>
  new OFREPWebProvider({ baseUrl: `${testApp().url}/api`, headers: [['Authorization', `Bearer ${token}`]], cacheMode });

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('it took too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isConnected = (): boolean => testApp().app.get(FlagStreams).hub.has(org.org.id);
const set = (isOn: boolean): Promise<void> =>
  replaceFlag(org.api, 'switch', { default_variant: { type: 'basic', value: isOn ? 'on' : 'off' } });

/** Flips the flag, and waits until the client has it: nothing but the stream can tell it, since it does not poll. */
async function expectToFollow(client: Client): Promise<void> {
  const isOn = !client.getBooleanValue('switch', false);
  await set(isOn);
  await until(() => client.getBooleanValue('switch', !isOn) === isOn);
}

describe("OpenFeature's provider for the web", () => {
  it('sees a flag flip, and flip back, through the stream that it is told of', async () => {
    await OpenFeature.setProviderAndWait(provider('disabled'));
    const client = OpenFeature.getClient();
    await until(isConnected);
    const changes: unknown[] = [];
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => changes.push(details?.flagsChanged));
    for (let round = 0; round < 4; round += 1) await expectToFollow(client);
    await until(() => changes.length >= 4);
    expect(changes).toEqual(Array.from({ length: 4 }, () => ['switch']));
  });

  it('goes on after its context has changed', async () => {
    await OpenFeature.setContext({ targetingKey: 'user-1' });
    await OpenFeature.setProviderAndWait(provider('disabled'));
    const client = OpenFeature.getClient();
    await until(isConnected);
    await OpenFeature.setContext({ targetingKey: 'user-2' });
    await expectToFollow(client);
    await OpenFeature.clearContext();
  });

  it('finds its way back when the server has ended its stream', async () => {
    await OpenFeature.setProviderAndWait(provider('disabled'));
    const client = OpenFeature.getClient();
    await until(isConnected);
    const { hub } = testApp().app.get(FlagStreams);
    for (const stream of hub.streams()) hub.end(stream);
    await until(isConnected);
    await expectToFollow(client);
  });

  it('gets a new ticket for the old one that it has kept, though its flags are what they were', async () => {
    const kept = new Map<string, string>();
    page.localStorage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    await OpenFeature.setProviderAndWait(provider('local-cache-first'));
    await until(isConnected);
    await OpenFeature.clearProviders();
    await until(() => !isConnected());

    // As after a night: the flags of yesterday are still good, the ticket is not.
    const [{ secret }] = await testApp().owner.query(`SELECT server_key('cursor') AS secret`);
    const yesterday = Math.floor(Date.now() / 1000 - 86_400) * 1000;
    const old = ticketCodec(secret).seal({ tokenHash: hashToken(token), issuedAt: yesterday, version: '0'.repeat(32) });
    for (const [key, value] of kept) kept.set(key, value.replace(/ticket=[\w-]+/, `ticket=${old}`));
    expect([...kept.values()].join()).toContain(old);

    await OpenFeature.setProviderAndWait(provider('local-cache-first'));
    const client = OpenFeature.getClient();
    await until(isConnected);
    await expectToFollow(client);
  });
});

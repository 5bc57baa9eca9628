import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Metrics } from '../../src/metrics/metrics.js';
import { FlagStreams } from '../../src/ofrep/streams/flag-streams.js';
import { evaluate, openStream } from '../support/announced-streams.js';
import { testApp, useApp } from '../support/app.js';
import { EventStream } from '../support/event-stream.js';
import { createFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { parseMetrics } from '../support/prometheus.js';

useApp({ env: { FLAG_STREAMS_PER_ORGANIZATION: '3' } });

let org: TestOrganization;
beforeEach(async () => {
  org = await anOrg();
  await createFlag(org.api, 'switch');
});

const hub = () => testApp().app.get(FlagStreams).hub;
const connected = (): Promise<EventStream> => openStream(testApp().url, org.api.token!);

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('it took too long');
    await sleep(10);
  }
}

async function metricsOf(prefix: string): Promise<Record<string, number>> {
  const samples = parseMetrics(await testApp().app.get(Metrics).createRegistry().metrics());
  return Object.fromEntries([...samples].filter(([id]) => id.startsWith(prefix)));
}

describe('the streams of an organization', () => {
  it('are so many and no more: then none is announced, and who has a ticket is told to wait', async () => {
    const { streamUrl, etag } = await evaluate(testApp().url, org.api.token!);
    const streams = [await connected(), await connected(), await connected()];
    const refused = await EventStream.open(streamUrl!);
    expect([refused.status, refused.headers['retry-after'], (await refused.problem()).code]).toEqual([
      429,
      '30',
      'FlagEvents.TooManyStreams',
    ]);
    // It asks again, and is told that there is none for it.
    const again = await evaluate(testApp().url, org.api.token!, { 'if-none-match': etag });
    expect([again.status, again.body.eventStreams]).toEqual([200, undefined]);

    const other = await anOrg();
    (await openStream(testApp().url, other.api.token!)).close();

    streams[0]!.close();
    await until(() => hub().ofOrganization(org.org.id).length < 3);
    streams.push(await connected());
    await createFlag(org.api, 'new');
    for (const stream of streams.slice(1)) await stream.event(1);
    for (const stream of streams) stream.close();
  });

  it('take nothing with them when they go, however they go', async () => {
    const streams = [await connected(), await connected(), await connected()];
    streams[0]!.close();
    await until(() => hub().ofOrganization(org.org.id).length === 2);
    hub().end(hub().ofOrganization(org.org.id)[0]!);
    await until(() => streams.filter(({ hasEnded }) => hasEnded).length === 2);
    for (const stream of streams) stream.close();
    await until(() => !hub().has(org.org.id));
    expect(
      hub()
        .streams()
        .filter(({ organizationId }) => organizationId === org.org.id),
    ).toEqual([]);
  });
});

describe('a client that does not take what it is sent', () => {
  it('is let go, and the others have everything', async () => {
    const quick = await connected();
    const { streamUrl } = await evaluate(testApp().url, org.api.token!);
    const slow = await pausedClient(streamUrl!);
    await until(() => hub().ofOrganization(org.org.id).length === 2);
    const { dropped } = hub().counts;
    const events = 64;
    const event = Buffer.from(`data: {"filler":"${'x'.repeat(256 * 1024)}"}\n\n`);
    for (let sent = 0; sent < events; sent += 1) {
      for (const stream of hub().ofOrganization(org.org.id)) hub().send(stream, event);
      // The one that reads has to have its turn, as it would between changes.
      await quick.event(sent + 1);
    }
    await until(() => hub().ofOrganization(org.org.id).length === 1);
    expect(hub().counts.dropped).toBe(dropped + 1);
    await createFlag(org.api, 'another');
    expect((await quick.event(events + 1)).data.type).toBe('refetchEvaluation');
    slow.destroy();
    quick.close();
  });
});

describe('GET /metrics', () => {
  it('has the streams', async () => {
    const before = await metricsOf('kaiten_flag_stream');
    const [one, two] = [await connected(), await connected()];
    await createFlag(org.api, 'counted');
    await Promise.all([one.event(1), two.event(1)]);
    const after = await metricsOf('kaiten_flag_stream');
    const growth = Object.fromEntries(Object.entries(after).map(([id, value]) => [id, value - before[id]!]));
    expect(growth).toEqual({
      kaiten_flag_streams: 2,
      kaiten_flag_streams_opened_total: 2,
      kaiten_flag_streams_refused_total: 0,
      kaiten_flag_streams_dropped_total: 0,
      kaiten_flag_stream_events_total: 2,
    });
    one.close();
    two.close();
  });
});

/** A client that asks, and reads nothing. */
async function pausedClient(url: string): Promise<Socket> {
  const { pathname, search } = new URL(url);
  const socket = connect({ port: (testApp().server.address() as AddressInfo).port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

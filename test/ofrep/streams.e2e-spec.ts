import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anonymous } from '../support/api.js';
import type { Api } from '../support/api.js';
import { evaluate, openStream } from '../support/announced-streams.js';
import { testApp, useApp } from '../support/app.js';
import { EventStream } from '../support/event-stream.js';
import { createFlag, evaluateAll, FLAGS, replaceFlag, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { FlagStreams } from '../../src/ofrep/streams/flag-streams.js';

useApp({ env: { FLAGS_CORS_ORIGINS: 'https://app.example.com' } });

const EVENTS = '/api/ofrep/v1/events';

let org: TestOrganization;
let reader: Api;
const open: EventStream[] = [];
beforeAll(async () => {
  org = await anOrg();
  reader = await org.as('read:feature_flags');
  await createFlag(org.api, 'switch');
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});

async function connect(token = reader.token!, headers?: Record<string, string>): Promise<EventStream> {
  const stream = await openStream(testApp().url, token, headers);
  open.push(stream);
  return stream;
}

async function connectTo(url: string, headers?: Record<string, string>): Promise<EventStream> {
  const stream = await EventStream.open(url, headers);
  open.push(stream);
  return stream;
}

let isOn = false;
const flip = (): Promise<void> =>
  replaceFlag(org.api, 'switch', { default_variant: { type: 'basic', value: (isOn = !isOn) ? 'on' : 'off' } });

describe('an evaluation of all flags', () => {
  it('announces a stream below its own origin, for the protocol', async () => {
    const { body } = await evaluateAll(reader);
    expect(body.eventStreams).toEqual([
      {
        type: 'sse',
        endpoint: { requestUri: expect.stringMatching(/^\/api\/ofrep\/v1\/events\?ticket=[A-Za-z0-9_-]+$/) },
        inactivityDelaySec: 120,
      },
    ]);
  });

  it('announces the same URL as long as nothing has changed, to whoever has the token, and another after a change', async () => {
    const urls = async (token: string): Promise<unknown> => (await evaluate(testApp().url, token)).streamUrl;
    const first = await urls(reader.token!);
    // A step of tickets may end in between, but not twice.
    const again = [await urls(reader.token!), await urls(reader.token!), await urls(reader.token!)];
    expect(new Set([first, ...again]).size).toBeLessThan(3);
    expect(await urls((await org.as('read:feature_flags')).token!)).not.toBe(again[2]);
    await flip();
    expect(again).not.toContain(await urls(reader.token!));
  });

  it('announces nothing with a 304', async () => {
    const { etag } = await evaluate(testApp().url, reader.token!);
    const { status, body } = await evaluate(testApp().url, reader.token!, { 'if-none-match': etag });
    expect([status, body]).toEqual([304, undefined]);
  });

  it('takes what clients add to its URL after an event', async () => {
    const { status } = await reader.post(`${FLAGS}?flagConfigEtag=abc&flagConfigLastModified=1772359200`, {});
    expect(status).toBe(200);
  });
});

describe('GET /api/ofrep/v1/events', () => {
  it('200: a stream that nobody keeps, with how soon to come back', async () => {
    const stream = await connect();
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'referrer-policy': 'no-referrer',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    expect(stream.retry).toBeGreaterThanOrEqual(1_000);
    expect(stream.retry).toBeLessThanOrEqual(3_000);
    expect(stream.events).toEqual([]);
  });

  it('tells of a change, once, to all of the organization and to nobody else', async () => {
    const other = await anOrg();
    const [one, another, foreign] = [await connect(), await connect(), await connect(other.api.token)];
    const before = Math.floor(Date.now() / 1000);
    await flip();
    const event = await one.event(1);
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      event: 'message',
      data: { type: 'refetchEvaluation', etag: event.id, lastModified: expect.any(Number) },
    });
    expect(event.data.lastModified).toBeGreaterThanOrEqual(before);
    expect(await another.event(1)).toEqual(event);
    await flip();
    expect((await one.event(2)).id).not.toBe(event.id);
    await createFlag(other.api, 'theirs');
    await foreign.event(1);
    expect([one, another, foreign].map(({ events }) => events.length)).toEqual([2, 2, 1]);
  });

  it('tells of a flag that is new, and of one that is gone', async () => {
    const stream = await connect();
    await createFlag(org.api, 'brief');
    await stream.event(1);
    await org.api.delete('/api/feature-flags/brief');
    await stream.event(2);
  });

  it('tells at once what has changed between the evaluation and the connection', async () => {
    const { streamUrl } = await evaluate(testApp().url, reader.token!);
    await flip();
    const late = await connectTo(streamUrl!);
    const { id } = await late.event(1);
    expect((await connectTo(streamUrl!)).status).toBe(200);
    // Who connects again says what it knows, which is more than its ticket does.
    const again = await connectTo(streamUrl!, { 'Last-Event-ID': id! });
    await again.until(() => again.retry !== undefined);
    await flip();
    expect((await again.event(1)).id).not.toBe(id);
    const old = await connectTo(streamUrl!, { 'Last-Event-ID': id! });
    expect((await old.event(1)).id).toBe((await again.event(1)).id);
    expect([again.events.length, old.events.length]).toEqual([1, 1]);
  });

  it('tells of facts that rules read: of the first change at once, and of many in a second together', async () => {
    const { api } = await anOrg();
    const customer = await api.post('/api/customers', { name: 'Acme' });
    await createFlag(api, 'by-name', { targetings: [when('__kaiten.customer.name == "Acme"')] });
    const rename = (name: string): Promise<unknown> => api.put(`/api/customers/${customer.body.id}`, { name });
    const { streamUrl } = await evaluate(testApp().url, api.token!);
    await rename('Missed');
    const stream = await connectTo(streamUrl!);
    await stream.event(1);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await rename('Other');
    await stream.event(2);
    const began = performance.now();
    for (let round = 0; round < 10; round += 1) await rename(`Other ${round}`);
    await stream.event(3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const most = 3 + Math.floor((performance.now() - began) / 1_000);
    expect(stream.events.length).toBeLessThanOrEqual(most);
  });

  it('tells when a rollout by date begins, and when it ends', async () => {
    const { api } = await anOrg();
    const [start, end] = [3_000, 4_500].map((after) => Date.now() + after);
    await createFlag(api, 'scheduled', {
      default_variant: {
        type: 'rollout_date',
        start: { variant: 'off', percentage: 0, date: new Date(start!).toISOString() },
        end: { variant: 'on', percentage: 0, date: new Date(end!).toISOString() },
      },
    });
    const stream = await connect(api.token);
    await stream.event(1);
    expect(Date.now()).toBeGreaterThanOrEqual(start!);
    while (Date.now() < end!) await stream.event(stream.events.length + 1);
    expect((await evaluateAll(api)).body.flags[0].value).toBe(true);
  });

  it('tells nothing of facts that no rule reads', async () => {
    const { api } = await anOrg();
    const stream = await connect(api.token);
    const customer = await api.post('/api/customers', { name: 'Acme' });
    await api.put(`/api/customers/${customer.body.id}`, { name: 'Other' });
    await createFlag(api, 'last');
    await stream.event(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(stream.events).toHaveLength(1);
  });

  it('sends heartbeats, which are no events', async () => {
    const stream = await connect();
    const before = stream.comments.length;
    testApp().app.get(FlagStreams).beat();
    await stream.until(() => stream.comments.length > before);
    expect([stream.events, stream.comments.at(-1)]).toEqual([[], ': still here']);
  });

  it('allows pages of the origins that may evaluate flags, and no others', async () => {
    const of = async (origin: string): Promise<unknown[]> => {
      const { headers } = await connect(reader.token, { Origin: origin });
      return [headers['access-control-allow-origin'], headers.vary];
    };
    expect(await of('https://app.example.com')).toEqual(['https://app.example.com', 'Origin']);
    expect(await of('https://evil.example.com')).toEqual([undefined, 'Origin']);
  });

  it('HEAD answers as GET does and ends', async () => {
    const { streamUrl } = await evaluate(testApp().url, reader.token!);
    const response = await fetch(streamUrl!, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/event-stream',
      '',
    ]);
  });

  it('401 without a ticket, whatever else is sent: a token is none', async () => {
    for (const query of [
      '',
      '?ticket=',
      `?ticket=${'A'.repeat(112)}`,
      '?ticket=a&ticket=b',
      `?ticket=${'x'.repeat(5_000)}`,
    ]) {
      for (const api of [anonymous, reader]) {
        const { status, body, headers } = await api.get(EVENTS + query);
        expect([query, status, body.code]).toEqual([query, 401, 'FlagEvents.InvalidTicket']);
        expect(headers['cache-control']).toBe('no-store');
        expect(headers['www-authenticate']).toBe('Ticket realm="kaiten"');
      }
    }
    expect((await anonymous.get(`${EVENTS}?ticket=${reader.token}`)).status).toBe(401);
  });

  it('405 for other methods, and the framework answers as the handler does', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await anonymous.send(method, EVENTS);
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
    }
    const { streamUrl } = await evaluate(testApp().url, reader.token!);
    const stream = await connectTo(streamUrl!.replace('?', '/?'));
    await stream.until(() => stream.retry !== undefined);
    await flip();
    expect((await stream.event(1)).event).toBe('message');
    expect((await anonymous.get(`${EVENTS}/`)).status).toBe(401);
  });

  it('leaves no ticket in the log', async () => {
    const { streamUrl } = await evaluate(testApp().url, reader.token!);
    const ticket = new URL(streamUrl!).searchParams.get('ticket')!;
    const stream = await connectTo(streamUrl!);
    await stream.until(() => stream.retry !== undefined);
    stream.close();
    await connectTo(`${streamUrl}&ticket=${ticket}`);
    await connectTo(`${testApp().url}${EVENTS}?ticket=${ticket.slice(1)}`);
    const lines = (): string[] =>
      testApp()
        .log()
        .split('\n')
        .filter((line) => line.includes(`"${EVENTS}"`));
    const before = Date.now();
    while (!lines().some((line) => line.includes('"aborted":true')) && Date.now() - before < 5_000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lines().some((line) => line.includes('"status":401'))).toBe(true);
    expect(testApp().log()).not.toContain(ticket.slice(1, 20));
    expect(testApp().log()).not.toMatch(/ticket=/);
  });
});

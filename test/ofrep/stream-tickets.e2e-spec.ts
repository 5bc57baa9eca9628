import { hkdfSync } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ServedFlags } from '../../src/ofrep/served-flags.js';
import { ticketCodec } from '../../src/ofrep/streams/stream-tickets.js';
import type { Ticket } from '../../src/ofrep/streams/ticket.js';
import { TICKET_KEY_BYTES, TicketCodec } from '../../src/ofrep/streams/ticket.js';
import { generateToken, hashToken } from '../../src/tokens/token-format.js';
import { evaluate, openStream } from '../support/announced-streams.js';
import { testApp, useApp } from '../support/app.js';
import { EventStream } from '../support/event-stream.js';
import { createFlag } from '../support/flags.js';
import { anOrg, mint } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { TokenHolder } from '../support/token-holders.js';
import { aHolder } from '../support/token-holders.js';

useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.0/8' } });

const EVENTS = '/api/ofrep/v1/events';

let org: TestOrganization;
let holder: TokenHolder;
let secret: Buffer;
let codec: TicketCodec;
const open: EventStream[] = [];
beforeAll(async () => {
  org = await anOrg();
  holder = await aHolder(org.api);
  await createFlag(org.api, 'switch');
  [{ secret }] = await testApp().owner.query(`SELECT server_key('cursor') AS secret`);
  codec = ticketCodec(secret);
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});

async function connect(query: string, headers?: Record<string, string>): Promise<EventStream> {
  const stream = await EventStream.open(testApp().url + EVENTS + query, headers);
  open.push(stream);
  return stream;
}

const present = (ticket: string): Promise<EventStream> => connect(`?ticket=${ticket}`);

async function announced(token: string): Promise<string> {
  return new URL((await evaluate(testApp().url, token)).streamUrl!).searchParams.get('ticket')!;
}

async function connected(token: string): Promise<EventStream> {
  const stream = await openStream(testApp().url, token);
  open.push(stream);
  return stream;
}

/** A ticket for a token, that many seconds old. */
const ticketOf = (token: string, age: number): Ticket => ({
  tokenHash: hashToken(token),
  issuedAt: Math.floor(Date.now() / 1000 - age) * 1000,
  version: '0'.repeat(32),
});

/** Changes a token past the API, which lets nobody widen or narrow one. */
const update = (id: string, assignment: string): Promise<unknown> =>
  testApp().owner.query(`UPDATE tokens SET ${assignment} WHERE id = $1`, [id]);

async function expectRefused(stream: EventStream): Promise<void> {
  expect([stream.status, (await stream.problem()).code]).toEqual([401, 'FlagEvents.InvalidTicket']);
}

describe('a ticket', () => {
  it('opens streams for 60 s, as many as its token asks for, and none afterwards', async () => {
    const token = org.api.token!;
    expect((await present(codec.seal(ticketOf(token, 55)))).status).toBe(200);
    expect((await present(codec.seal(ticketOf(token, 55)))).status).toBe(200);
    await expectRefused(await present(codec.seal(ticketOf(token, 60))));
    await expectRefused(await present(codec.seal(ticketOf(token, 100_000))));
    // The one that is announced is no older than a few seconds.
    const { issuedAt } = codec.open(await announced(token))!;
    expect(Date.now() - issuedAt).toBeLessThan(6_000);
  });

  it('cannot be changed, nor made with another key, nor with the same one for another purpose', async () => {
    const ticket = ticketOf(org.api.token!, 0);
    expect((await present(codec.seal(ticket))).status).toBe(200);
    const sealed = codec.seal(ticket);
    await expectRefused(await present(sealed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))));
    const otherKeys = [
      hkdfSync('sha256', secret, '', 'another purpose', TICKET_KEY_BYTES),
      Buffer.concat([secret, secret]),
      Buffer.alloc(TICKET_KEY_BYTES),
    ];
    for (const key of otherKeys) await expectRefused(await present(new TicketCodec(new Uint8Array(key)).seal(ticket)));
  });

  it('is good for nothing else', async () => {
    const ticket = await announced(org.api.token!);
    for (const [method, path] of [
      ['GET', `/api/me?ticket=${ticket}`],
      ['GET', `/api/feature-flags?ticket=${ticket}`],
      ['POST', `/api/ofrep/v1/evaluate/flags?ticket=${ticket}`],
    ] as const) {
      for (const headers of [undefined, { authorization: `Bearer ${ticket}` }]) {
        expect((await fetch(testApp().url + path, { method, headers })).status).toBe(401);
      }
    }
  });

  it("is its token's: of one that there is not it opens nothing, and of another organization's only theirs", async () => {
    await expectRefused(await present(codec.seal(ticketOf(generateToken(), 0))));
    const other = await anOrg();
    const [own, theirs] = [await connected(org.api.token!), await present(await announced(other.api.token!))];
    await theirs.until(() => theirs.retry !== undefined);
    await createFlag(other.api, 'theirs');
    await theirs.event(1);
    await createFlag(org.api, 'ours');
    await own.event(1);
    expect([own.events.length, theirs.events.length]).toEqual([1, 1]);
  });

  it('opens nothing once its token is revoked, or may not evaluate flags any more', async () => {
    const { token, slug } = await holder.created({ scopes: ['read:feature_flags'] });
    const ticket = await announced(token);
    await org.api.delete(`${holder.path}/${slug}`);
    await expectRefused(await present(ticket));

    const other = await holder.created({ scopes: ['read:feature_flags'] });
    const narrowed = await announced(other.token);
    await update(other.id, `scopes = '{read:customers}'`);
    const refused = async (): Promise<boolean> => (await present(narrowed)).status === 401;
    while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("opens nothing from outside of its token's networks", async () => {
    const { token } = await holder.created({ allowedCidrs: ['203.0.113.0/24'] });
    const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });
    const { streamUrl } = await evaluate(testApp().url, token, from('203.0.113.7'));
    const { search } = new URL(streamUrl!);
    expect((await connect(search, from('203.0.113.8'))).status).toBe(200);
    await expectRefused(await connect(search, from('198.51.100.1')));
    await expectRefused(await connect(search));
  });

  it('that was refused is followed by another, once, though nothing has changed: a 304 would announce none', async () => {
    const { token } = await holder.created();
    const { etag } = await evaluate(testApp().url, token);
    const statusOf = async (): Promise<number> =>
      (await evaluate(testApp().url, token, { 'if-none-match': etag })).status;
    expect(await statusOf()).toBe(304);
    await expectRefused(await present(codec.seal(ticketOf(token, 61))));
    const { status, streamUrl } = await evaluate(testApp().url, token, { 'if-none-match': etag });
    expect(status).toBe(200);
    expect((await present(new URL(streamUrl!).searchParams.get('ticket')!)).status).toBe(200);
    expect(await statusOf()).toBe(304);
    // Others with the same token are none of its business.
    await expectRefused(await present(codec.seal(ticketOf(token, 61))));
    const elsewhere = { 'if-none-match': etag, 'X-Forwarded-For': '198.51.100.1' };
    expect((await evaluate(testApp().url, token, elsewhere)).status).toBe(304);
    expect(await statusOf()).toBe(200);
  });
});

describe('a stream', () => {
  it('ends when its token is revoked, and no other does', async () => {
    const [{ token, slug }, other] = [await holder.created(), await holder.created()];
    const streams = [await connected(token), await connected(token)];
    const staying = await connected(other.token);
    await org.api.delete(`${holder.path}/${slug}`);
    for (const stream of streams) await stream.ended();
    await createFlag(org.api, 'after-revocation');
    await staying.event(1);
  });

  it('ends when its token is revoked while it is being opened', async () => {
    const { token, slug } = await holder.created();
    const ticket = await announced(token);
    const { store } = testApp().app.get(ServedFlags);
    const find = store.find.bind(store);
    const spy = jest.spyOn(store, 'find').mockImplementationOnce(async (organizationId) => {
      await org.api.delete(`${holder.path}/${slug}`);
      return find(organizationId);
    });
    const stream = await present(ticket);
    await stream.ended();
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
  });

  it('ends when its service account is deleted', async () => {
    const doomed = await aHolder(org.api);
    const stream = await connected((await doomed.created()).token);
    await org.api.delete(`/api/service-accounts/${doomed.id}`);
    await stream.ended();
  });

  it('ends when its token may not evaluate flags any more, or not from here', async () => {
    const narrowed = await holder.created({ scopes: ['read:feature_flags', 'read:customers'] });
    const stream = await connected(narrowed.token);
    await update(narrowed.id, `scopes = '{read:customers}'`);
    await stream.ended();

    const moved = await holder.created();
    const another = await connected(moved.token);
    await update(moved.id, `scopes = '{read:feature_flags}'`);
    await update(moved.id, `allowed_cidrs = '{203.0.113.0/24}'`);
    await another.ended();
  });

  it('ends when its token expires', async () => {
    const expiresAt = new Date(Date.now() + 1_500);
    const stream = await connected(await mint(org.org, org.account.id, ['read:feature_flags'], expiresAt));
    await stream.ended();
    expect(Date.now() - expiresAt.getTime()).toBeGreaterThanOrEqual(0);
    expect(Date.now() - expiresAt.getTime()).toBeLessThan(2_000);
  });

  it('survives a rotation as long as its token does', async () => {
    const { token, slug } = await holder.created();
    const stream = await connected(token);
    await holder.rotate(slug, { graceSeconds: 1 });
    await stream.ended();
  });
});

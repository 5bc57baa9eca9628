import { beforeEach, describe, expect, it } from '@jest/globals';
import { ENV } from '../../src/config/config.module.js';
import type { Env } from '../../src/config/env.js';
import { useApp, testApp } from '../support/app.js';
import { Browser, signedIn } from '../support/browser.js';
import { until } from '../support/embedded-process.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { freePort } from '../support/ports.js';

useApp({ console: true });

let org: TestOrganization;
let browser: Browser;
let name: string;
let number = 0;

beforeEach(async () => {
  org ??= await anOrg();
  name = `Person ${(number += 1)}`;
  browser = await signedIn(org, { name });
});

const ENDED = { status: 401, body: { code: 'Auth.SessionEnded' } };

/** Moves what the database has of the browser's session. */
async function move(column: string, interval: string): Promise<void> {
  const { id } = (await browser.get('/api/session')).body.session as { id: string };
  await testApp().owner.query(`UPDATE sessions SET ${column} = ${column} - $2::interval WHERE id = $1`, [id, interval]);
}

describe('GET /api/session', () => {
  it('401 Auth.NoIdentity without a cookie, Auth.SessionEnded with one that is no session’s', async () => {
    const stranger = new Browser();
    expect(await stranger.get('/api/session')).toMatchObject({ status: 401, body: { code: 'Auth.NoIdentity' } });
    for (const value of ['A'.repeat(43), 'short', '']) {
      stranger.cookie = `kaiten_session=${value}`;
      expect(await stranger.get('/api/session')).toMatchObject(ENDED);
      expect(await stranger.get('/api/customers')).toMatchObject(ENDED);
    }
  });

  it('says where applications reach the API', async () => {
    expect((await browser.get('/api/session')).body.apiUrl).toBe(testApp().app.get<Env>(ENV).apiUrl);
  });

  it('403 for a token, which has no session', async () => {
    for (const [method, path] of [
      ['GET', '/api/session'],
      ['DELETE', '/api/session'],
      ['GET', '/api/session/all'],
      ['DELETE', '/api/session/others'],
      ['DELETE', '/api/session/00000000-0000-4000-8000-000000000000'],
    ] as const)
      expect(await org.api.send(method, path)).toMatchObject({ status: 403, body: { code: 'Session.Required' } });
  });
});

describe('expiry', () => {
  it('after 12 hours without a request', async () => {
    await move('last_seen_at', '11 hours 59 minutes');
    expect((await browser.get('/api/session')).status).toBe(200);
    await until(async () => Date.now() - (await lastSeen()) < 60_000);
    await move('last_seen_at', '12 hours 1 second');
    expect(await browser.get('/api/session')).toMatchObject(ENDED);
    expect(await browser.post('/api/customers', { name: 'X' })).toMatchObject(ENDED);
  });

  it('7 days after the sign-in, however often it is used', async () => {
    await move('expires_at', '6 days 23 hours 59 minutes');
    expect((await browser.get('/api/session')).status).toBe(200);
    await move('expires_at', '1 minute');
    expect(await browser.get('/api/session')).toMatchObject(ENDED);
  });

  async function lastSeen(): Promise<number> {
    const [row] = await testApp().owner.query<{ at: Date }[]>(
      `SELECT last_seen_at AS at FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.name = $1`,
      [name],
    );
    return row!.at.getTime();
  }
});

describe('the time of the last use', () => {
  it('is written when a minute has passed, and not for each request', async () => {
    const { id, lastSeenAt } = (await browser.get('/api/session')).body.session;
    const version = async (): Promise<string> =>
      (await testApp().owner.query('SELECT xmin::text AS xmin FROM sessions WHERE id = $1', [id]))[0].xmin;
    const before = await version();
    for (let i = 0; i < 5; i++) await browser.get('/api/customers');
    expect(await version()).toBe(before);

    await move('last_seen_at', '2 minutes');
    const moved = await version();
    await Promise.all(Array.from({ length: 10 }, () => browser.get('/api/customers')));
    const written = await until(async () => ((await version()) === moved ? undefined : version()));
    await browser.get('/api/customers');
    expect(await version()).toBe(written);
    expect((await browser.get('/api/session')).body.session.lastSeenAt > lastSeenAt).toBe(true);
  });
});

describe('DELETE /api/session', () => {
  it('204 ends the session, for whoever has kept the cookie, and has the browser forget it', async () => {
    const { cookie } = browser;
    const { status, headers } = await browser.delete('/api/session');
    expect([status, headers['set-cookie']]).toEqual([
      204,
      ['kaiten_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0'],
    ]);
    expect(browser.cookie).toBeUndefined();
    browser.cookie = cookie;
    expect(await browser.get('/api/session')).toMatchObject(ENDED);
    expect(await browser.delete('/api/session')).toMatchObject(ENDED);
  });

  it('leaves the same person’s other sessions alone', async () => {
    const other = await signedIn(org, { name });
    await browser.delete('/api/session');
    expect((await other.get('/api/session')).status).toBe(200);
  });
});

describe('GET /api/session/all', () => {
  it('lists one’s own sessions, the last used first, and says which one asks', async () => {
    const other = await signedIn(org, { name });
    const stranger = await signedIn(org);
    await move('last_seen_at', '3 hours');
    const { body } = await other.get('/api/session/all');
    const own = (await other.get('/api/session')).body.session;
    expect(body.items[0]).toEqual(own);
    expect(body.items.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toEqual([true, false]);
    expect((await browser.get('/api/session/all')).body.items.map(({ id }: { id: string }) => id).sort()).toEqual(
      body.items.map(({ id }: { id: string }) => id).sort(),
    );
    expect((await stranger.get('/api/session/all')).body.items).toHaveLength(1);
  });

  it('leaves out those that have ended', async () => {
    const other = await signedIn(org, { name });
    await move('last_seen_at', '13 hours');
    expect((await other.get('/api/session/all')).body.items).toHaveLength(1);
  });
});

describe('DELETE /api/session/others', () => {
  it('204 ends all of one’s own but the one that asks, and nobody else’s', async () => {
    const others = [await signedIn(org, { name }), await signedIn(org, { name })];
    const stranger = await signedIn(org);
    expect((await browser.delete('/api/session/others')).status).toBe(204);
    for (const other of others) expect(await other.get('/api/session')).toMatchObject(ENDED);
    for (const kept of [browser, stranger]) expect((await kept.get('/api/session')).status).toBe(200);
    expect((await browser.get('/api/session/all')).body.items).toHaveLength(1);
  });
});

describe('DELETE /api/session/{id}', () => {
  const idOf = async (whose: Browser): Promise<string> => (await whose.get('/api/session')).body.session.id as string;

  it('204 ends that one of one’s own, and no other', async () => {
    const [ended, kept] = [await signedIn(org, { name }), await signedIn(org, { name })];
    expect((await browser.delete(`/api/session/${await idOf(ended)}`)).status).toBe(204);
    expect(await ended.get('/api/session')).toMatchObject(ENDED);
    for (const other of [browser, kept]) expect((await other.get('/api/session')).status).toBe(200);
    expect((await browser.get('/api/session/all')).body.items).toHaveLength(2);
  });

  it('204 for the one that asks, whose browser forgets it', async () => {
    const { status, headers } = await browser.delete(`/api/session/${await idOf(browser)}`);
    expect([status, headers['set-cookie']]).toEqual([
      204,
      ['kaiten_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0'],
    ]);
    expect(browser.cookie).toBeUndefined();
  });

  it('403 from another site, with nothing ended', async () => {
    const other = await signedIn(org, { name });
    const path = `/api/session/${await idOf(other)}`;
    const answer = await browser.delete(path, { headers: { Origin: 'http://evil.example' } });
    expect([answer.status, answer.body.code]).toEqual([403, 'Session.CrossSite']);
    expect((await other.get('/api/session')).status).toBe(200);
  });

  it('404 for another person’s, another organization’s, one that has ended, and what is none', async () => {
    const colleague = await signedIn(org);
    const stranger = await signedIn(await anOrg());
    const ended = await signedIn(org, { name });
    const endedId = await idOf(ended);
    await ended.delete('/api/session');
    const ids = [await idOf(colleague), await idOf(stranger), endedId, 'no-id', 'all', '%2e%2e'];
    for (const id of ids) {
      const { status, body } = await browser.delete(`/api/session/${id}`);
      expect([id, status, body.code]).toEqual([id, 404, 'Session.NotFound']);
    }
    for (const other of [colleague, stranger]) expect((await other.get('/api/session')).status).toBe(200);
  });
});

describe('another process', () => {
  it('refuses at once what has been ended in this one', async () => {
    const port = await freePort();
    const server: ExtraServer = await startExtraServer({ CONSOLE_PORT: String(port) }, { port });
    try {
      const second = new Browser(`http://127.0.0.1:${port}`);
      second.cookie = browser.cookie;
      expect((await second.get('/api/session')).status).toBe(200);
      await browser.delete('/api/session');
      expect(await second.get('/api/session')).toMatchObject(ENDED);
    } finally {
      await server.close();
    }
  });
});

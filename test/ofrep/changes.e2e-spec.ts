import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { LONGEST_SILENCE } from '../../src/database/notifications.js';
import { ServedFlags } from '../../src/ofrep/served-flags.js';
import type { FlagSnapshot } from '../../src/ofrep/flag-snapshot.js';
import { testApp, useApp } from '../support/app.js';
import { databaseUrl } from '../support/database.js';
import { DelayedWay } from '../support/delayed-way.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { createFlag, evaluateOne, FLAGS, replaceFlag } from '../support/flags.js';
import { waitsForLock } from '../support/locks.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { told, untold } from '../support/told.js';

jest.setTimeout(30_000);
useApp();

/** Another process on the same database, and one whose notifications can be held up. */
let other: ExtraServer;
let late: ExtraServer;
let way: DelayedWay;
let org: TestOrganization;
let slug: string;

beforeAll(async () => {
  way = await DelayedWay.to(databaseUrl());
  [other, late] = await Promise.all([startExtraServer({}), startExtraServer({}, { databaseUrl: way.url })]);
  org = await anOrg();
}, 30_000);
afterAll(async () => {
  await Promise.all([other?.close(), late?.close()]);
  await way?.close();
});

beforeEach(async () => {
  slug = `flag-${randomUUID().slice(0, 8)}`;
  await createFlag(org.api, slug);
  // A process hears of its own writes too, somewhat later.
  await told();
});

const ON = { default_variant: { type: 'basic', value: 'on' } };
const OFF = { default_variant: { type: 'basic', value: 'off' } };

async function valueAt({ url }: { url: string }): Promise<unknown> {
  const response = await fetch(`${url}${FLAGS}/${slug}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${org.api.token}` },
  });
  const { value, errorCode } = (await response.json()) as { value?: unknown; errorCode?: string };
  return value ?? errorCode;
}

const here = (): Promise<unknown> => valueAt(testApp());

describe('a flag that is written through one process', () => {
  it('is served by it for the next request, and by others as soon as they are told', async () => {
    for (const [write, expected] of [
      [() => replaceFlag(org.api, slug, ON), true],
      [() => replaceFlag(org.api, slug, OFF), false],
      [() => org.api.delete(`/api/feature-flags/${slug}`), 'FLAG_NOT_FOUND'],
      [() => createFlag(org.api, slug, ON), true],
    ] as const) {
      await Promise.all([here(), valueAt(other)]);
      await write();
      expect(await here()).toBe(expected);
      await told(other);
      expect(await valueAt(other)).toBe(expected);
    }
  });

  it('is served as it is by the one that writes, while everybody asks', async () => {
    for (let round = 0; round < 20; round++) {
      let isAnswered = false;
      const after: unknown[] = [];
      const expected = round % 2 === 0;
      const asking = Array.from({ length: 4 }, async () => {
        while (after.length < 8) {
          const beganAfter = isAnswered;
          const value = await here();
          if (beganAfter) after.push(value);
        }
      });
      await replaceFlag(org.api, slug, expected ? ON : OFF);
      isAnswered = true;
      await Promise.all(asking);
      expect(new Set(after)).toEqual(new Set([expected]));
    }
  });

  it('is another one by hand too: a row that is changed, all rows of all organizations', async () => {
    const { owner, app } = testApp();
    const id = await createFlag(org.api, `${slug}-2`);
    expect(await here()).toBe(false);
    await owner.query('UPDATE feature_flags SET enabled = false WHERE id = $1', [id]);
    await told({ app });
    expect((await evaluateOne(org.api, `${slug}-2`)).body.reason).toBe('DISABLED');
    await owner.query('UPDATE feature_flags SET enabled = false WHERE slug = $1', [slug]);
    await Promise.all([told({ app }), told(other)]);
    expect(await valueAt(other)).toBe(false);
    expect((await evaluateOne(org.api, slug)).body.reason).toBe('DISABLED');
  });

  it('is as before where the change is rolled back', async () => {
    await here();
    const snapshot = snapshotHere();
    const runner = testApp().owner.createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE feature_flags SET enabled = false WHERE slug = $1', [slug]);
    await runner.rollbackTransaction();
    await runner.release();
    await told();
    expect(snapshotHere()).toBe(snapshot);
  });

  it('is another organization’s business no more than its flags are', async () => {
    const neighbour = await anOrg();
    await here();
    const snapshot = snapshotHere();
    await createFlag(neighbour.api, slug, ON);
    await told();
    expect(snapshotHere()).toBe(snapshot);
    expect(await here()).toBe(false);
  });
});

const snapshotHere = (): FlagSnapshot | Promise<FlagSnapshot> => testApp().app.get(ServedFlags).store.find(org.org.id);

describe('a reading that is under way when a write commits', () => {
  it('is neither stored nor joined', async () => {
    const { app, owner } = testApp();
    const { store } = app.get(ServedFlags);
    const valueIn = (snapshot: FlagSnapshot): unknown => snapshot.find(slug)!.definition.enabled;
    store.drop(org.org.id);
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    await runner.query('LOCK TABLE feature_flags IN ACCESS EXCLUSIVE MODE');
    const before = store.find(org.org.id);
    await waitsForLock('feature_flags');
    await runner.query('UPDATE feature_flags SET enabled = false WHERE slug = $1', [slug]);
    // As the service does when its transaction is over; here the reading above does not see it, whatever it is that comes first.
    store.drop(org.org.id);
    const after = store.find(org.org.id);
    expect(after).not.toBe(before);
    await runner.commitTransaction();
    await runner.release();
    await Promise.all([before, after]);
    await told({ app });
    expect(valueIn(await store.find(org.org.id))).toBe(false);
  });
});

describe('while notifications do not arrive', () => {
  it('a copy serves for two seconds from when it was read, and what is new is there after that', async () => {
    await valueAt(late);
    way.delay = Infinity;
    try {
      await untold(late);
      // Read by now or a moment ago, and never again told of anything.
      await valueAt(late);
      await replaceFlag(org.api, slug, ON);
      const written = performance.now();
      for (;;) {
        const asked = performance.now();
        if ((await valueAt(late)) === true) break;
        expect(asked - written).toBeLessThan(LONGEST_SILENCE + 100);
        await pause(20);
      }
    } finally {
      way.delay = 0;
      await way.cut();
    }
  });

  it('the process that writes serves what it has written at once', async () => {
    way.delay = Infinity;
    try {
      await untold(late);
      // Its copy may be from before the flag was there.
      while ((await valueAt(late)) !== false) await pause(20);
      const response = await fetch(`${late.url}/api/feature-flags/${slug}`, { method: 'DELETE', headers: bearer() });
      expect(response.status).toBe(204);
      expect(await valueAt(late)).toBe('FLAG_NOT_FOUND');
    } finally {
      way.delay = 0;
      await way.cut();
    }
  });

  it('what was changed meanwhile is served as soon as they arrive again', async () => {
    await valueAt(late);
    await way.cut();
    await replaceFlag(org.api, slug, ON);
    await told(late);
    expect(await valueAt(late)).toBe(true);
  });
});

const bearer = (): { authorization: string } => ({ authorization: `Bearer ${org.api.token}` });
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

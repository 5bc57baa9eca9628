import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { isDatabaseUnavailable } from '../../src/database/database-errors.js';
import { createOwnerDataSource, migrate } from '../../src/database/migrate.js';
import { roleOf } from '../../src/database/roles.js';
import { listKeys, OVERLAP, PUBLISHED_AHEAD, rotateKeys } from '../../src/gateway/principal-keys.js';
import { SignedPrincipalJwts } from '../../src/gateway/signed-principal-jwts.js';
import { SigningKeys } from '../../src/gateway/signing-keys.js';
import type { TokenRecord } from '../../src/tokens/token-record.js';
import { CutOff } from '../support/cut-off.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { freshDatabase } from '../support/fresh-database.js';
import { headerOf } from '../support/jwt.js';

/** A database of its own: the other suites' principals are signed with the keys of theirs. */
let database: FreshDatabase;
let owner: DataSource;
let way: CutOff;
let dataSource: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
  owner = await createOwnerDataSource(database.adminUrl).initialize();
  const url = new URL(database.url);
  way = await CutOff.to(Number(url.port));
  url.port = String(way.port);
  dataSource = await createDataSource({ url: url.href, poolSize: 4, entities: [] }).initialize();
});

beforeEach(() => owner.query('DELETE FROM principal_keys'));

afterEach(async () => {
  jest.restoreAllMocks();
  await way.mend();
});

afterAll(async () => {
  await dataSource.destroy();
  await way.cut();
  await owner.destroy();
  await database.drop();
});

/** What one process has of the keys. It reads them when it must, and not every few seconds, so that tests know what it knows. */
function aProcess() {
  const keys = new SigningKeys(dataSource, { principalJwt: 'signed' }, pino({ level: 'silent' }));
  const loads = jest.spyOn(keys as unknown as { load(): Promise<unknown> }, 'load');
  const jwts = new SignedPrincipalJwts(keys);
  const issue = async (record = aRecord()): Promise<string> => jwts.issue(record, Date.now());
  const read = async (jwt: string) => jwts.read(jwt, false, Date.now());
  return { keys, loads, issue, read };
}

const aRecord = (): TokenRecord => ({
  hash: randomBytes(32).toString('latin1'),
  id: randomUUID(),
  scopes: ['read:customers'],
  expiresAt: Infinity,
  networks: undefined,
  use: { at: NaN, from: undefined },
  holder: {
    userId: randomUUID(),
    userExternalId: 'sa_x',
    userName: 'my-app-backend',
    organization: { id: randomUUID(), externalId: 'org_x', name: 'Sakura', slug: 'sakura' },
  },
});

const kidOf = (jwt: string): string => headerOf(jwt).kid as string;
const states = async (): Promise<string[]> => (await listKeys(owner)).map(({ state }) => state);
const publishedBy = async ({ keys }: ReturnType<typeof aProcess>): Promise<string[]> =>
  (await keys.reread()).published.map(({ kid }) => kid);

/** Lets time pass for the keys: the database decides by its clock. */
const pass = (seconds: number): Promise<unknown> =>
  owner.query(
    `UPDATE principal_keys SET created_at = created_at - make_interval(secs => $1), signs_from = signs_from - make_interval(secs => $1),
       verifies_until = verifies_until - make_interval(secs => $1)`,
    [seconds],
  );

/** The API makes a 503 of such an error. */
const expectUndecided = async (promise: Promise<unknown>): Promise<void> =>
  expect(isDatabaseUnavailable(await promise.catch((error: unknown) => error))).toBe(true);

const REFUSED = { status: 401, code: 'Auth.InvalidToken' };

describe('the first key', () => {
  it('is made by whichever process needs it, and is one for all that start at once', async () => {
    const processes = Array.from({ length: 8 }, aProcess);
    const jwts = await Promise.all(processes.map(({ issue }) => issue()));
    expect(new Set(jwts.map(kidOf)).size).toBe(1);
    expect(await states()).toEqual(['signing']);
    for (const { read } of processes)
      await Promise.all(jwts.map(async (jwt) => expect(await read(jwt)).toMatchObject({ sub: 'sa_x' })));
  });

  it('is nobody’s to replace or to read but through the two functions', async () => {
    await aProcess().issue();
    await expect(dataSource.query('SELECT * FROM principal_keys')).rejects.toThrow('permission denied');
    await expect(dataSource.query(`INSERT INTO principal_keys (kid) VALUES ('x')`)).rejects.toThrow(
      'permission denied',
    );
    const before = await listKeys(owner);
    await dataSource.query(`SELECT add_first_principal_key('x', '{}', 'x')`);
    expect(await listKeys(owner)).toEqual(before);
  });
});

describe('a rotation', () => {
  it('publishes the new key at once, and lets the old one sign until verifiers have fetched it', async () => {
    const one = aProcess();
    const first = kidOf(await one.issue());
    const next = await rotateKeys(owner, { immediately: false });
    expect(next.state).toBe('next');
    expect(next.signsFrom.getTime() - next.createdAt.getTime()).toBe(PUBLISHED_AHEAD * 1000);
    expect(await publishedBy(one)).toEqual([next.kid, first]);
    expect(kidOf(await one.issue())).toBe(first);
    await pass(PUBLISHED_AHEAD - 5);
    await one.keys.reread();
    expect(kidOf(await one.issue())).toBe(first);
  });

  it('lets the old key verify after the new one has begun to sign, until its overlap is over', async () => {
    const [one, two] = [aProcess(), aProcess()];
    const record = aRecord();
    const old = await one.issue(record);
    const { kid } = await rotateKeys(owner, { immediately: false });
    await pass(PUBLISHED_AHEAD);
    await Promise.all([one.keys.reread(), two.keys.reread()]);
    expect(await states()).toEqual(['signing', 'verifying']);
    const young = await one.issue(record);
    expect(kidOf(young)).toBe(kid);
    for (const jwt of [old, young])
      for (const { read } of [one, two]) expect(await read(jwt)).toMatchObject({ tokenId: record.id });

    await pass(OVERLAP);
    await Promise.all([one.keys.reread(), two.keys.reread()]);
    expect(await states()).toEqual(['signing', 'retired']);
    for (const { read } of [one, two]) {
      await expect(read(old)).rejects.toMatchObject(REFUSED);
      expect(await read(young)).toMatchObject({ tokenId: record.id });
    }
  });

  it('gives no process the private key of any but the one that signs', async () => {
    await aProcess().issue();
    await rotateKeys(owner, { immediately: false });
    const secrets = async (): Promise<[string, boolean][]> => {
      const [{ keys }] = await dataSource.query(`SELECT current_principal_keys() AS keys`);
      const facts = new Map((await listKeys(owner)).map(({ kid, state }) => [kid, state]));
      return keys.map((key: { kid: string; privateKey?: string }) => [facts.get(key.kid), key.privateKey !== null]);
    };
    expect(await secrets()).toEqual([
      ['next', false],
      ['signing', true],
    ]);
    await pass(PUBLISHED_AHEAD);
    expect(await secrets()).toEqual([
      ['signing', true],
      ['verifying', false],
    ]);
  });

  it('forgets private keys that are of no use, and is refused while another is under way', async () => {
    await aProcess().issue();
    await rotateKeys(owner, { immediately: false });
    await expect(rotateKeys(owner, { immediately: false })).rejects.toThrow('the next key is there already');
    await pass(PUBLISHED_AHEAD + OVERLAP);
    await rotateKeys(owner, { immediately: false });
    const rows = await owner.query(
      'SELECT private_key IS NULL AS forgotten FROM principal_keys ORDER BY created_at DESC',
    );
    expect(rows).toEqual([{ forgotten: false }, { forgotten: false }, { forgotten: true }]);
    expect(await states()).toEqual(['next', 'signing', 'retired']);
  });

  it('of no key adds one that signs at once', async () => {
    expect((await rotateKeys(owner, { immediately: false })).state).toBe('signing');
    expect(await states()).toEqual(['signing']);
  });

  it('by two operators at once follows upon one key only', async () => {
    await aProcess().issue();
    const results = await Promise.allSettled([1, 2, 3].map(() => rotateKeys(owner, { immediately: false })));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await states()).toEqual(['next', 'signing']);
  });
});

describe('a rotation at once', () => {
  it('drops all other keys, the next one included; a process that has heard refuses what they have signed', async () => {
    const [one, two] = [aProcess(), aProcess()];
    const record = aRecord();
    const stolen = await one.issue(record);
    expect(await two.read(stolen)).toMatchObject({ tokenId: record.id });
    await rotateKeys(owner, { immediately: false });
    const { kid, state } = await rotateKeys(owner, { immediately: true });
    expect(state).toBe('signing');
    expect(await states()).toEqual(['signing', 'retired', 'retired']);
    expect(await owner.query('SELECT kid FROM principal_keys WHERE private_key IS NOT NULL')).toEqual([{ kid }]);

    await Promise.all([one.keys.reread(), two.keys.reread()]);
    for (const { read } of [one, two]) await expect(read(stolen)).rejects.toMatchObject(REFUSED);
    expect(kidOf(await one.issue(record))).toBe(kid);
    expect(await publishedBy(two)).toEqual([kid]);
    // When the next key would have begun to sign.
    await pass(PUBLISHED_AHEAD);
    expect(await states()).toEqual(['signing', 'retired', 'retired']);
    expect(await publishedBy(two)).toEqual([kid]);
    expect(kidOf(await two.issue(record))).toBe(kid);
  });

  it('is heard of when a principal names a key that is not known: it is read, and no second time', async () => {
    const [one, two] = [aProcess(), aProcess()];
    await Promise.all([one.issue(), two.issue()]);
    await rotateKeys(owner, { immediately: true });
    await one.keys.reread();
    const jwts = await Promise.all([one.issue(), one.issue()]);
    const before = two.loads.mock.calls.length;
    for (const claims of await Promise.all(jwts.map(two.read))) expect(claims).toMatchObject({ sub: 'sa_x' });
    expect(two.loads.mock.calls.length - before).toBe(1);
  });
});

describe('a reading that began before a rotation', () => {
  it('is not what those get who miss a key', async () => {
    const { keys, issue } = aProcess();
    await issue();
    const inner = keys as unknown as { query(): Promise<unknown>; read(): Promise<unknown> };
    const query = inner.query.bind(keys);
    const slow = async (): Promise<unknown> => {
      const rows = await query();
      await new Promise((resolve) => setTimeout(resolve, 600));
      return rows;
    };
    jest.spyOn(inner, 'query').mockImplementationOnce(slow);
    const reading = inner.read();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { kid } = await rotateKeys(owner, { immediately: true });
    expect((await keys.reread()).signing.kid).toBe(kid);
    await reading;
  });
});

describe('keys that nobody knows', () => {
  const forged = (): string => {
    const header = { alg: 'EdDSA', kid: randomBytes(32).toString('base64url'), typ: 'kaiten-principal+jwt' };
    return [JSON.stringify(header), '{}', 'x'].map((text) => Buffer.from(text).toString('base64url')).join('.');
  };

  it('cause four queries a second at the most, however many there are', async () => {
    const { issue, read, loads } = aProcess();
    await issue();
    const before = loads.mock.calls.length;
    const began = performance.now();
    for (let round = 0; round < 4; round++) {
      const refusals = await Promise.allSettled(Array.from({ length: 250 }, () => read(forged())));
      expect(refusals.every(({ status }) => status === 'rejected')).toBe(true);
    }
    const seconds = (performance.now() - began) / 1000;
    expect(loads.mock.calls.length - before).toBeLessThanOrEqual(Math.ceil(4 * seconds) + 1);
    expect(loads.mock.calls.length - before).toBe(4);
  });

  it('are undecided while the database is away', async () => {
    const { issue, read } = aProcess();
    await issue();
    await way.cut();
    await expectUndecided(read(forged()));
  });
});

describe('while the keys cannot be read', () => {
  it('they are good for 30 seconds, and then nothing is decided by them', async () => {
    const { issue, read, keys } = aProcess();
    const record = aRecord();
    const jwt = await issue(record);
    await way.cut();
    const began = Date.now();
    const clock = jest.spyOn(Date, 'now');
    clock.mockReturnValue(began + 25_000);
    expect(await read(jwt)).toMatchObject({ tokenId: record.id });
    expect(await issue(record)).not.toBe(jwt);
    clock.mockReturnValue(began + 31_000);
    await expectUndecided(read(jwt));
    await expectUndecided(issue(record));
    await way.mend();
    clock.mockRestore();
    await expect(Promise.resolve(keys.current())).resolves.toHaveProperty('signing');
    expect(await read(jwt)).toMatchObject({ tokenId: record.id });
  });
});

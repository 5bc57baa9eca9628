import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrate } from '../../src/database/migrate.js';
import { roleOf } from '../../src/database/roles.js';
import { PUBLISHED_AHEAD } from '../../src/gateway/principal-keys.js';
import { query, until } from '../support/embedded-process.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { freshDatabase } from '../support/fresh-database.js';
import type { Run } from '../support/kaiten.js';
import { kaitenWith } from '../support/kaiten.js';

// Each of these runs a few processes, on a machine that may be busy.
jest.setTimeout(120_000);

/** A database of its own: the other suites' principals are signed with the keys of theirs. */
let database: FreshDatabase;
let server: ExtraServer;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
});

afterAll(async () => {
  await server?.close();
  await database.drop();
});

const keys = (...args: string[]): Promise<Run> =>
  kaitenWith({ DATABASE_URL: database.url, DATABASE_ADMIN_URL: database.adminUrl }, 'keys', ...args);

/** What a running server publishes. */
async function published(): Promise<string[]> {
  const response = await fetch(`${server.url}/.well-known/jwks.json`);
  return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

describe('keys', () => {
  let first: string;

  it('list prints nothing where no server has signed yet', async () => {
    expect(await keys('list')).toMatchObject({ exitCode: 0, stdout: '', stderr: '0 keys.\n' });
    expect((await keys('list', '--json')).value).toEqual([]);
  });

  it('list prints the key that the first server has made, and no private one', async () => {
    server = await startExtraServer({ PRINCIPAL_JWT: 'signed' }, { databaseUrl: database.url });
    [first] = (await published()) as [string];
    const { value, stdout } = await keys('list', '--json');
    expect(value).toEqual([
      { kid: first, state: 'signing', createdAt: expect.any(String), signsFrom: expect.any(String) },
    ]);
    expect((await keys('list')).stdout).toBe(`${first}\tsigning\t${value[0].signsFrom}\t-\n`);
    const [{ key }] = (await query(database.adminUrl, 'SELECT private_key AS key FROM principal_keys')) as [
      { key: Buffer },
    ];
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(stdout).not.toContain(key.subarray(-32).toString(encoding).slice(0, 20));
  });

  it('rotate prints the new kid, which running servers publish; the old key signs on for now', async () => {
    const { exitCode, stdout, stderr } = await keys('rotate');
    const kid = stdout.trim();
    expect([exitCode, kid]).toEqual([0, expect.stringMatching(/^[\w-]{43}$/)]);
    expect(stderr).toMatch(
      new RegExp(`^Added the key ${kid}. It signs from \\d{4}-\\S+Z; until then the one before it does.\n$`),
    );
    await until(async () => (await published()).join() === [kid, first].join());
    const { value } = await keys('list', '--json');
    expect(value.map(({ state }: { state: string }) => state)).toEqual(['next', 'signing']);
    expect(Date.parse(value[0].signsFrom) - Date.parse(value[0].createdAt)).toBe(PUBLISHED_AHEAD * 1000);
    expect(Date.parse(value[1].verifiesUntil)).toBeGreaterThan(Date.parse(value[0].signsFrom));
  });

  it('rotate fails while a rotation is under way, and says what else there is', async () => {
    const { exitCode, stdout, stderr } = await keys('rotate');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: the next key is there already and signs from .*Z on; with --now /);
  });

  it('rotate --now prints the kid of the only key that is left: running servers drop all others', async () => {
    const { exitCode, value, stderr } = await keys('rotate', '--now', '--json');
    expect([exitCode, value.state]).toEqual([0, 'signing']);
    expect(stderr).toBe(`Added the key ${value.kid}. It signs from now.\n`);
    await until(async () => (await published()).join() === value.kid);
    const states = (await keys('list', '--json')).value.map(({ state }: { state: string }) => state);
    expect(states).toEqual(['signing', 'retired', 'retired']);
  });

  it.each([
    [['rotate', '--later'], "unknown option '--later'"],
    [['rotate', 'x'], 'too many arguments'],
    [['delete'], "unknown command 'delete'"],
    [[], 'Usage: kaiten keys'],
  ])('%j: 2, and the reason', async (args, reason) => {
    expect(await keys(...args)).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(reason) });
  });
});

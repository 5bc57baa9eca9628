import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { rootStateOf } from '../../src/database/embedded/cluster.js';
import { databaseAdminUrl, databaseUrl } from '../support/database.js';
import { cluster, EmbeddedProcess, killAll, query } from '../support/embedded-process.js';
import { kaiten, kaitenWith, startKaiten } from '../support/kaiten.js';
import type { Run } from '../support/kaiten.js';

jest.setTimeout(120_000);

describe('usage', () => {
  it.each([
    [[], 'Usage: kaiten'],
    [['token'], 'Usage: kaiten token'],
    [['tokn', 'create'], 'Did you mean token?'],
    [['organization', 'delete'], "unknown command 'delete'"],
    [['organization', 'create', '--nam', 'X'], "required option '--name <name>'"],
    [['organization', 'list', '--all'], "unknown option '--all'"],
    [['organization', 'list', 'sakura'], 'too many arguments'],
    [['organization', 'create', '--name'], 'argument missing'],
    [['organization', 'create', '--name', ' '], '--name " ": must not be blank'],
    [
      ['organization', 'create', '--name', 'X', '--slug', '0f7c1a52-6d3e-4c53-9a53-3f0b8c9e1d11'],
      'must not look like a UUID',
    ],
    [
      ['token', 'create', '--organization', 'x', '--service-account', 'y', '--name', 'z'],
      "required option '--scope <scope>'",
    ],
  ])('%j: 2, and the reason on stderr', async (args, reason) => {
    // No database is needed to find out.
    const run = await kaitenWith({ DATABASE_ADMIN_URL: 'postgresql://nobody@127.0.0.1:1/none' }, ...args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(reason) });
  });

  it.each([[['--help']], [['help']], [['token', '--help']], [['token', 'create', '--help']]])(
    '%j: 0, on stdout',
    async (args) => {
      expect(await kaiten(...args)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Usage: kaiten'),
        stderr: '',
      });
    },
  );
});

/** Arguments that mint a token of the account `app`. */
const tokenCreate = (organization: string, name: string): string[] =>
  `token create --organization ${organization} --service-account app --name ${name} --scope read:*`.split(' ');

describe('the database', () => {
  let organization: string;
  beforeAll(async () => {
    organization = (await kaiten('organization', 'create', '--name', 'Any')).stdout.trim();
  });

  it.each([
    ['cannot be reached', { DATABASE_ADMIN_URL: 'postgresql://owner:hush-hush@127.0.0.1:1/kaiten' }, 'ECONNREFUSED'],
    [
      'refuses the password',
      { DATABASE_ADMIN_URL: () => withPassword(databaseAdminUrl()) },
      'password authentication failed',
    ],
    ['is known by DATABASE_URL only', { DATABASE_URL: () => withPassword(databaseUrl()) }, 'DATABASE_ADMIN_URL is not'],
    [
      'would be served by the owner',
      { DATABASE_URL: databaseAdminUrl, DATABASE_ADMIN_URL: databaseAdminUrl },
      'Row-level security does not hold',
    ],
    [
      'has a bad URL',
      { DATABASE_ADMIN_URL: 'mysql://owner:hush-hush@127.0.0.1/kaiten' },
      'must begin with postgresql://',
    ],
  ])('that %s: 1, and no secret in the reason', async (_, environment, reason) => {
    const urls = Object.entries(environment).map(
      ([name, url]) => [name, typeof url === 'function' ? url() : url] as const,
    );
    const { exitCode, stdout, stderr } = await kaitenWith(
      Object.fromEntries(urls),
      ...tokenCreate(organization, 'never'),
    );
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(reason);
    for (const [, url] of urls) expect(stderr).not.toContain(new URL(url).password);
  });

  const withPassword = (url: string): string => Object.assign(new URL(url), { password: 'hush-hush' }).href;
});

describe('the embedded database', () => {
  let dataDir: string;
  const embedded = (...args: string[]): Promise<Run> => kaitenWith({ KAITEN_DATA_DIR: dataDir }, ...args);
  beforeAll(() => {
    dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'kaiten-cli-')));
  });
  afterAll(async () => {
    await killAll();
    if (process.geteuid?.() === 0) rmSync(rootStateOf(dataDir), { recursive: true, force: true, maxRetries: 10 });
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  });

  it('is made by migrate and by nothing else', async () => {
    const before = await embedded('organization', 'list');
    expect(before).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no database in') });
    expect((await embedded('migrate', '--json')).value.migrations.length).toBeGreaterThan(0);
    expect((await embedded('migrate', '--json')).value).toEqual({ migrations: [] });
  });

  it('is started for a command while the server is down, and stopped again', async () => {
    await embedded('organization', 'create', '--name', 'Sakura');
    await embedded('service-account', 'create', '--organization', 'sakura', '--name', 'app');
    expect((await embedded(...tokenCreate('sakura', 'down'))).stdout).toMatch(/^ksh_/);
    expect(existsSync(join(cluster(dataDir), 'postmaster.pid'))).toBe(false);
  });

  it('is stopped when Ctrl-C ends the command meanwhile, and the secret has been printed by then', async () => {
    const pid = join(cluster(dataDir), 'postmaster.pid');
    const child = startKaiten({ KAITEN_DATA_DIR: dataDir }, ...tokenCreate('sakura', 'interrupted'));
    const exited = once(child, 'exit');
    // At once, or PostgreSQL might have been stopped by then.
    const printing = new Promise<unknown[]>((resolve) =>
      child.stdout.once('data', (printed: Buffer) => {
        const isRunning = existsSync(pid);
        child.kill('SIGINT');
        resolve([printed.toString(), isRunning]);
      }),
    );
    expect(await printing).toEqual([expect.stringMatching(/^ksh_\w{38}\n$/), true]);
    expect(await exited).toEqual([130, null]);
    expect(existsSync(pid)).toBe(false);
  });

  it('is used beside the server, and left running', async () => {
    const server = await new EmbeddedProcess('server', dataDir).opened();
    expect((await embedded(...tokenCreate('sakura', 'up'))).stdout).toMatch(/^ksh_/);
    expect(await query(server.ready.applicationUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('by DATABASE_ADMIN_URL alone: the owner becomes the application role, if it may', async () => {
    const server = await new EmbeddedProcess('server', dataDir).opened();
    const { adminUrl } = server.ready;
    const create = (): Promise<Run> =>
      kaitenWith({ DATABASE_ADMIN_URL: adminUrl }, ...tokenCreate('sakura', 'by-owner'));
    const refused = await create();
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('GRANT "kaiten_app" TO "kaiten_owner";');
    await query(superuserOf(dataDir, adminUrl), 'GRANT kaiten_app TO kaiten_owner');
    expect((await create()).stdout).toMatch(/^ksh_/);
    await server.stop();
  });
});

function superuserOf(dataDir: string, url: string): string {
  const { passwords } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as {
    passwords: { postgres: string };
  };
  return Object.assign(new URL(url), { username: 'postgres', password: passwords.postgres }).href;
}

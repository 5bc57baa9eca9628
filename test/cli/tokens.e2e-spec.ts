import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { asOrganization } from '../../src/cli/operator.js';
import { readEnv } from '../../src/config/env.js';
import { generateToken } from '../../src/tokens/token-format.js';
import { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { databaseAdminUrl, databaseUrl } from '../support/database.js';
import { kaiten, kaitenReading } from '../support/kaiten.js';
import type { Run } from '../support/kaiten.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { TokenHolder } from '../support/token-holders.js';
import { aHolder } from '../support/token-holders.js';

// Many of these run four or five processes, one after the other, on a machine that may be busy.
jest.setTimeout(120_000);
// What is shown of a token would otherwise change when its use is written.
useApp({ env: { TOKEN_USE_TRACKING: 'off' } });

let org: TestOrganization;
let holder: TokenHolder;
/** Options that say whose: the account's that `holder` is. */
let whose: string[];

beforeAll(async () => {
  org = await anOrg();
  holder = await aHolder(org.api);
  whose = ['--organization', org.org.slug, '--service-account', holder.slug];
});

const statusOf = async (secret: string): Promise<number> => (await new Api(secret).get('/api/me')).status;

describe('token create --allowed-cidr', () => {
  it('limits where the token may be used from', async () => {
    const networks = ['--allowed-cidr', '127.0.0.0/8', '--allowed-cidr', '2001:db8::/32'];
    const { exitCode, value } = await kaiten(
      ...['token', 'create', ...whose, '--name', 'limited', '--scope', 'read:*', ...networks, '--json'],
    );
    expect([exitCode, value.allowedCidrs]).toEqual([0, ['127.0.0.0/8', '2001:db8::/32']]);
    expect((await holder.show('limited')).allowedCidrs).toEqual(value.allowedCidrs);
  });

  it('refuses what is no network as bad usage, naming it', async () => {
    const networks = ['--allowed-cidr', '10.0.0.0/8', '--allowed-cidr', '10.0.0.1/8'];
    const { exitCode, stdout, stderr } = await kaiten(
      ...['token', 'create', ...whose, '--name', 'bad', '--scope', 'read:*', ...networks],
    );
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--allowed-cidr "10.0.0.1/8": must be a network');
    expect(stderr).not.toContain('"10.0.0.0/8"');
  });
});

describe('token rotate', () => {
  it('prints the new secret alone; the old one is refused', async () => {
    const old = await holder.created({ name: 'nightly' });
    const { exitCode, stdout, stderr } = await kaiten('token', 'rotate', ...whose, '--token', 'nightly');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^ksh_[0-9A-Za-z]{38}\n$/)]);
    expect(stderr).toMatch(/^Minted nightly-\w{6} in place of nightly of Holder, which is refused from now on\./);
    expect(stderr).not.toContain('ksh_');
    expect([await statusOf(old.token), await statusOf(stdout.trim())]).toEqual([401, 200]);
  });

  it('--grace-seconds --expires-at --json: the old one works beside it, until then', async () => {
    const old = await holder.created({ name: 'weekly' });
    const options = ['--token', old.id, '--grace-seconds', '3600', '--expires-at', '2099-01-31T12:00:00Z', '--json'];
    const { value, stderr } = await kaiten('token', 'rotate', ...whose, ...options);
    expect([value.replaces.id, value.expiresAt]).toEqual([old.id, '2099-01-31T12:00:00.000Z']);
    expect(stderr).toContain(`works until ${(await holder.show(old.id)).expiresAt}`);
    expect([await statusOf(old.token), await statusOf(value.token)]).toEqual([200, 200]);
    const again = await kaiten('token', 'rotate', ...whose, '--token', old.id);
    expect(again).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('replaced already') });
  });

  it('says when the old one ends, also where that is by its own expiry', async () => {
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    const { slug } = await holder.created({ expiresAt });
    const { stderr } = await kaiten('token', 'rotate', ...whose, '--token', slug, '--grace-seconds', '3600');
    expect(stderr).toContain(`which works until ${expiresAt}.`);
  });

  it.each(['soon', '-1', '604801', '1.5'])('--grace-seconds %s is bad usage', async (seconds) => {
    const { exitCode, stdout, stderr } = await kaiten(
      ...['token', 'rotate', ...whose, '--token', 'x', `--grace-seconds=${seconds}`],
    );
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--grace-seconds');
  });
});

describe('what a command has done', () => {
  it('is not lost when its connections cannot be closed: that is told, and no more', async () => {
    const env = readEnv({ DATABASE_URL: databaseUrl(), DATABASE_ADMIN_URL: databaseAdminUrl() });
    const database = { adminUrl: databaseAdminUrl(), applicationUrl: databaseUrl() };
    const { destroy } = DataSource.prototype;
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const done = await asOrganization(env, database, org.org.slug, () => {
        jest.spyOn(DataSource.prototype, 'destroy').mockImplementationOnce(async function (this: DataSource) {
          await destroy.call(this);
          throw new Error('the line is dead');
        });
        return Promise.resolve('the secret');
      });
      expect(done).toBe('the secret');
      expect(told.mock.calls.join('')).toMatch(/^note: .*the line is dead\n$/);
    } finally {
      jest.restoreAllMocks();
    }
  });
});

describe('a token in place of a slug', () => {
  it.each([
    ['--token', (secret: string) => [...whose, '--token', secret]],
    ['--service-account', (secret: string) => [...whose.slice(0, 3), secret, '--token', 'x']],
    ['--organization', (secret: string) => ['--organization', secret, ...whose.slice(2), '--token', 'x']],
  ])('%s: is not repeated', async (_, options) => {
    const { token } = await holder.created();
    const { exitCode, stdout, stderr } = await kaiten('token', 'rotate', ...options(token));
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^error: there is no .*ksh_\.\.\./)]);
  });
});

describe('token revoke --secret -', () => {
  const revoke = (input: string, ...more: string[]): Promise<Run> =>
    kaitenReading(input, 'token', 'revoke', '--secret', '-', ...more);

  it('revokes it whosever it is, says whose, and never the secret', async () => {
    const { token, slug } = await holder.created({ name: 'leaked' });
    const other = await holder.created();
    const { exitCode, stdout, stderr } = await revoke(`${token}\n`);
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      'leaked\n',
      `Revoked: the token leaked of Holder of the organization ${org.org.name} (${org.org.slug}).\n`,
    ]);
    expect([await statusOf(token), await statusOf(other.token)]).toEqual([401, 200]);
    expect((await holder.show(slug)).revokedBy.name).toBe('Kaiten');
  });

  it('--json says the same to programs; again, it says that it was revoked already', async () => {
    const { token, slug } = await holder.created();
    const [first, second] = [await revoke(token, '--json'), await revoke(token, '--json')];
    const shown = await holder.show(slug);
    const organization = { name: org.org.name, slug: org.org.slug };
    for (const { exitCode, value, stdout } of [first, second]) {
      expect([exitCode, value]).toEqual([0, { ...shown, serviceAccountName: 'Holder', organization }]);
      expect(stdout).not.toContain(token.slice(4, 30));
    }
    expect(second.stderr).toContain(`Already revoked, at ${shown.revokedAt}: the token ${slug} of Holder`);
  });

  it('revokes one that has expired, and one of an account that is gone was revoked with it', async () => {
    const expired = await holder.created({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    await testApp().owner.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [expired.id]);
    expect(await revoke(expired.token)).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^Revoked: /) });
    expect((await holder.show(expired.slug)).state).toBe('revoked');
    const short = await aHolder(org.api);
    const orphan = await short.created();
    await org.api.delete(`/api/service-accounts/${short.slug}`);
    expect(await revoke(orphan.token)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^Already revoked/),
    });
  });

  it('names a successor that works: whoever had the token may have it', async () => {
    const old = await holder.created();
    const { body } = await holder.rotate(old.slug, { graceSeconds: 60 });
    const { exitCode, stderr } = await revoke(old.token);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`replaced by ${body.slug}, which works`)]);
    expect([await statusOf(old.token), await statusOf(body.token)]).toEqual([401, 200]);
  });

  it('names every successor that works, however often it was rotated', async () => {
    const chain = [await holder.created({ name: 'chain' })];
    for (let i = 0; i < 3; i++) chain.push((await holder.rotate(chain.at(-1).slug, { graceSeconds: 600 })).body);
    const [leaked, first, second, third] = chain;
    await org.api.delete(`${holder.path}/${second.slug}`);
    expect((await revoke(leaked.token)).stderr).toContain(
      `It had been replaced by ${first.slug}, ${third.slug}, which work: revoke those too, unless you know who has them.`,
    );
    // Nobody rotates in a circle; whoever writes into the database could.
    await testApp().owner.query('UPDATE tokens SET replaced_by_id = $1, replaced_at = now() WHERE id = $2', [
      first.id,
      third.id,
    ]);
    expect(await revoke(leaked.token)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`by ${first.slug}, ${third.slug}, which`),
    });
  });

  it.each([
    ['has no token’s form', 'hunter2', 2, 'is no token'],
    ['has another checksum', `ksh_${'0'.repeat(38)}`, 2, 'is no token'],
    ['is two of them', `${generateToken()}\n${generateToken()}`, 2, 'is no token'],
    ['is nothing', '', 2, 'is no token'],
    ['is nobody’s', generateToken(), 1, 'no organization on this database has this token'],
  ])('fails for what %s, and does not repeat it', async (_, input, expected, reason) => {
    const { exitCode, stdout, stderr } = await revoke(input);
    expect([exitCode, stdout, stderr]).toEqual([expected, '', expect.stringContaining(reason)]);
    for (const word of input.split('\n').filter(Boolean)) expect(stderr).not.toContain(word);
  });

  it('refuses a secret on the command line, does not repeat it, and revokes nothing', async () => {
    const { token } = await holder.created();
    for (const args of [['--secret', token], [`--secret=${token}`], [token]]) {
      const run = await kaiten('token', 'revoke', ...args);
      expect([run.exitCode, run.stdout]).toEqual([2, '']);
      expect(run.stderr).not.toContain(token.slice(4, 30));
    }
    expect((await kaiten('token', 'revoke', '--secret', token)).stderr).toContain('takes - and reads from stdin');
    expect(await statusOf(token)).toBe(200);
  });

  it.each([
    [[], "required option '--organization <slug>'"],
    [['--organization', 'x'], "required option '--service-account <slug>'"],
    [['--organization', 'x', '--service-account', 'y'], "required option '--token <slug>'"],
    [['--secret', '-', '--token', 'x'], "option '--token <slug>' cannot be used with '--secret <->'"],
    [['--secret'], 'argument missing'],
  ])('token revoke %j is bad usage', async (args, reason) => {
    expect(await kaiten('token', 'revoke', ...args)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(reason),
    });
  });
});

describe('token-policy', () => {
  let own: TestOrganization;
  const policy = (command: string, ...more: string[]): Promise<Run> =>
    kaiten('token-policy', command, '--organization', own.org.slug, ...more);
  beforeAll(async () => {
    own = await anOrg();
  });

  it('show, set and show again: what the API shows', async () => {
    expect(await policy('show')).toMatchObject({
      exitCode: 0,
      stdout: 'longestLifetimeDays\tnone\nexpiryRequired\tfalse\nrequiredCidrs\tnone\n',
      stderr: `${own.org.slug} has no token policy.\n`,
    });
    const networks = ['--required-cidr', '10.0.0.0/8', '--required-cidr', '2001:DB8::/32'];
    const set = await policy('set', '--longest-lifetime-days', '90', '--expiry-required', ...networks, '--json');
    expect([set.exitCode, set.stderr]).toEqual([
      0,
      `Set the token policy of ${own.org.slug}. It is broken by 1 active token.\n`,
    ]);
    const { body } = await own.api.get('/api/token-policy');
    expect(body).toMatchObject({ longestLifetimeDays: 90, updatedBy: { name: 'Kaiten' } });
    expect(set.value).toEqual(body);
    expect((await policy('show', '--json')).value).toEqual(body);
    expect((await policy('show')).stdout).toBe(
      'longestLifetimeDays\t90\nexpiryRequired\ttrue\nrequiredCidrs\t10.0.0.0/8 2001:db8::/32\n',
    );
  });

  it('holds for the operator, who is told what it asks; set without options ends it', async () => {
    await policy('set', '--expiry-required');
    const account = ['--organization', own.org.slug, '--service-account', own.account.slug];
    const create = (): Promise<Run> =>
      kaiten('token', 'create', ...account, '--name', 'operator', '--scope', 'read:customers');
    const { exitCode, stdout, stderr } = await create();
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining('wants tokens to expire')]);
    expect((await policy('set')).exitCode).toBe(0);
    expect((await create()).exitCode).toBe(0);
  });

  it.each([
    [['--longest-lifetime-days', '0'], '--longest-lifetime-days'],
    [['--longest-lifetime-days', 'long'], '--longest-lifetime-days "long"'],
    [['--required-cidr', '10.0.0.1/8'], '--required-cidr "10.0.0.1/8"'],
  ])('set %j is bad usage', async (args, reason) => {
    expect(await policy('set', ...args)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(reason),
    });
  });

  it('fails for an organization that does not exist', async () => {
    expect(await kaiten('token-policy', 'show', '--organization', 'nobody')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

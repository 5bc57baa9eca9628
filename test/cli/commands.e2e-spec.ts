import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Api } from '../support/api.js';
import { useApp } from '../support/app.js';
import { kaiten } from '../support/kaiten.js';
import type { Run } from '../support/kaiten.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { told } from '../support/told.js';

// Many of these run four or five processes, one after the other, on a machine that may be busy.
jest.setTimeout(120_000);
// What is shown of a token would otherwise change when its use is written.
useApp({ env: { TOKEN_USE_TRACKING: 'off' } });

/** Options that say whose: an organization's account `my-app-backend`. */
const of = ({ org, account }: TestOrganization): string[] => [
  '--organization',
  org.slug,
  '--service-account',
  account.slug,
];
const createToken = (whose: string[], ...more: string[]): Promise<Run> => kaiten('token', 'create', ...whose, ...more);

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

describe('organization', () => {
  it('create --json prints the organization and nothing else; list has it', async () => {
    const { exitCode, value, stderr } = await kaiten('organization', 'create', '--name', 'Café Sakura', '--json');
    expect([exitCode, stderr]).toEqual([0, 'Created the organization Café Sakura.\n']);
    expect(value).toEqual({
      id: expect.any(String),
      externalId: expect.stringMatching(/^org_/),
      name: 'Café Sakura',
      slug: expect.stringMatching(/^cafe-sakura/),
      createdAt: expect.any(String),
    });
    expect((await kaiten('organization', 'list', '--json')).value).toContainEqual(value);
  });

  it('create prints the slug, and list a line for each', async () => {
    const slug = `shop-${Date.now()}`;
    const created = await kaiten('organization', 'create', '--name', 'Shop', '--slug', slug);
    expect(created).toMatchObject({ exitCode: 0, stdout: `${slug}\n` });
    expect((await kaiten('organization', 'list')).stdout).toMatch(new RegExp(`^${slug}\tShop\t2`, 'm'));
  });

  it('create fails when the slug is taken', async () => {
    const { exitCode, stdout, stderr } = await kaiten(
      'organization',
      'create',
      '--name',
      'X',
      '--slug',
      org.org.slug,
      '--json',
    );
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      `error: the slug ${org.org.slug} is taken by another organization\n`,
    ]);
  });
});

describe('service-account create', () => {
  it('makes an account that the API shows', async () => {
    const { exitCode, value } = await kaiten(
      'service-account',
      'create',
      '--organization',
      org.org.slug,
      '--name',
      'Nightly job',
      '--json',
    );
    expect(exitCode).toBe(0);
    expect((await org.api.get('/api/service-accounts/nightly-job')).body).toEqual(value);
  });

  it('fails for an organization that does not exist', async () => {
    const run = await kaiten('service-account', 'create', '--organization', 'nobody', '--name', 'X');
    expect(run).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no organization "nobody"'),
    });
  });
});

describe('token', () => {
  it('create --json prints the token with its secret, which works at once; after revoke it does not', async () => {
    const scopes = ['--scope', 'write:*', '--scope', 'read:customers'];
    const { exitCode, value } = await createToken(
      of(org),
      '--name',
      'cli',
      ...scopes,
      '--expires-at',
      '2099-01-31T12:00:00Z',
      '--json',
    );
    expect([exitCode, value.scopes, value.expiresAt]).toEqual([
      0,
      ['write:*', 'read:customers'],
      '2099-01-31T12:00:00.000Z',
    ]);
    const { token: secret, ...shown } = value;
    const api = new Api(secret);
    expect((await api.get('/api/me')).body.organization.slug).toBe(org.org.slug);
    expect((await api.get(`/api/service-accounts/${org.account.slug}/tokens/cli`)).body).toEqual(shown);

    const revoked = await kaiten('token', 'revoke', ...of(org), '--token', 'cli', '--json');
    const revocation = { state: 'revoked', flags: [], revokedAt: expect.any(String), revokedBy: shown.createdBy };
    expect(revoked.value).toEqual({ ...shown, ...revocation });
    await told();
    expect((await api.get('/api/me')).body.code).toBe('Auth.InvalidToken');
  });

  it('create prints the secret alone, and fails when the name is taken', async () => {
    const create = (): Promise<Run> => createToken(of(org), '--name', 'shell', '--scope', 'read:customers');
    const { stdout, stderr } = await create();
    expect(stdout).toMatch(/^ksh_[0-9A-Za-z]{38}\n$/);
    expect((await new Api(stdout.trim()).get('/api/customers')).status).toBe(200);
    expect(stderr).not.toContain('ksh_');
    expect(await create()).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('a token named shell already'),
    });
  });

  it.each([
    [
      ['--scope', 'read:nothing', '--scope', 'delete:*'],
      ['--scope "read:nothing"', '--scope "delete:*"'],
    ],
    [
      ['--expires-at', 'tomorrow', '--slug', 'No Slug'],
      ['--expires-at "tomorrow"', '--slug "No Slug"'],
    ],
    [
      ['--expires-at', '2020-01-01T00:00:00Z'],
      ['--expires-at "2020', 'must lie in the future'],
    ],
  ])('create refuses %j as bad usage, naming what is wrong', async (options, expected) => {
    const common = ['--name', 'bad', '--scope', 'read:customers', '--json'];
    const { exitCode, stdout, stderr } = await createToken(of(org), ...common, ...options);
    expect([exitCode, stdout]).toEqual([2, '']);
    for (const part of expected) expect(stderr).toContain(part);
  });

  it('revoke fails for a token that does not exist', async () => {
    expect(await kaiten('token', 'revoke', ...of(org), '--token', 'none')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('organizations are kept apart', () => {
  let other: TestOrganization; // Its account and its token have the same names as ours.
  let theirs: string;
  beforeAll(async () => {
    other = await anOrg();
    expect(other.account.slug).toBe(org.account.slug);
    theirs = (await createToken(of(other), '--name', 'same', '--scope', 'read:*')).stdout.trim();
  });

  it("a token command never touches another organization's account of the same name", async () => {
    const ours = (await createToken(of(org), '--name', 'same', '--scope', 'read:*')).stdout.trim();
    expect((await new Api(ours).get('/api/me')).body.organization.id).toBe(org.org.id);
    expect((await kaiten('token', 'revoke', ...of(org), '--token', 'same')).exitCode).toBe(0);
    await told();
    expect((await new Api(ours).get('/api/me')).status).toBe(401);
    expect((await new Api(theirs).get('/api/me')).body.organization.id).toBe(other.org.id);
  });

  it("another organization's account and token are not there, not even by id", async () => {
    const whose = ['--organization', org.org.slug, '--service-account', other.account.id];
    const { body } = await new Api(theirs).get('/api/me');
    for (const args of [
      ['create', ...whose, '--name', 'stolen', '--scope', 'read:*'],
      ['revoke', ...whose, '--token', body.token.id],
      ['revoke', ...of(org), '--token', body.token.id],
    ]) {
      expect(await kaiten('token', ...args)).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining('there is no '),
      });
    }
    expect((await new Api(theirs).get('/api/me')).status).toBe(200);
  });
});

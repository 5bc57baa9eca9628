import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { kaiten } from '../support/kaiten.js';
import { mintedTokens } from '../support/minted-tokens.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

// A process for each command, on a machine that may be busy.
jest.setTimeout(120_000);
useApp({ console: true });

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

const make = (...more: string[]) => kaiten('sign-in-link', '--organization', org.org.slug, ...more);

const LINK = /^http:\/\/localhost:3000\/sign-in#([A-Za-z0-9_-]{43})\n$/;

/** The secret of a printed link. */
function secretOf(stdout: string): string {
  const secret = LINK.exec(stdout)![1]!;
  mintedTokens.push(secret);
  return secret;
}

describe('sign-in-link', () => {
  it('prints a link and nothing else to stdout, which signs the owner in', async () => {
    const { exitCode, stdout, stderr } = await make();
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(LINK)]);
    const secret = secretOf(stdout);
    expect(stderr).toMatch(
      new RegExp(`^Signs Owner in to ${org.org.slug} as owner: once, until 20\\d\\d-[\\d-]+T[\\d:.]+Z\\.\\n$`),
    );
    expect(stderr).not.toContain(secret);
    const { status, body } = await new Browser().signIn(secret);
    expect([status, body]).toMatchObject([
      201,
      { person: { name: 'Owner' }, role: 'owner', organization: { slug: org.org.slug } },
    ]);
  });

  it('makes whoever is named, as a viewer; gives the role that is said; and keeps it where none is', async () => {
    const { exitCode, value } = await make('--user', 'Hanako Satō', '--json');
    expect([exitCode, value]).toEqual([
      0,
      {
        signInUrl: expect.any(String),
        expiresAt: expect.any(String),
        user: { id: expect.any(String), name: 'Hanako Satō' },
        role: 'viewer',
      },
    ]);
    expect(Date.parse(value.expiresAt as string) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    const promoted = (await make('--user', 'Hanako Satō', '--role', 'editor', '--json')).value;
    const kept = (await make('--user', 'Hanako Satō', '--json')).value;
    for (const next of [promoted, kept]) expect(next).toMatchObject({ user: value.user, role: 'editor' });
    const links = [value, promoted, kept].map(({ signInUrl }) => secretOf(`${signInUrl as string}\n`));
    expect(new Set(links).size).toBe(3);
    const roles = [];
    for (const secret of links) roles.push((await new Browser().signIn(secret)).body.role);
    expect(roles).toEqual(['editor', 'editor', 'editor']);
    const people = await testApp().owner.query(
      `SELECT name FROM users WHERE organization_id = $1 AND kind = 'person' ORDER BY name`,
      [org.org.id],
    );
    expect(people).toEqual([{ name: 'Hanako Satō' }, { name: 'Owner' }]);
  });

  it('fails for an organization that is not there, and for what is no role or no name', async () => {
    expect(await kaiten('sign-in-link', '--organization', 'nowhere')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no organization "nowhere"'),
    });
    expect(await make('--role', 'admin')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('--role "admin"'),
    });
    expect(await make('--user', ' ')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--user " "') });
    expect(await kaiten('sign-in-link')).toMatchObject({ exitCode: 2 });
  });
});

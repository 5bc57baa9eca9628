import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { project } from '../support/embedded-process.js';
import { anOrg } from '../support/organizations.js';

jest.setTimeout(60_000);
useApp();

const run = promisify(execFile);

const PROGRAM = `
import type { paths } from './types.js';
import { createCustomer, defaults, listCustomers } from './client.js';

type Page = paths['/customers']['get']['responses']['200']['content']['application/json'];
type Input = paths['/customers']['post']['requestBody']['content']['application/json'];
const input: Input = { name: 'Sakura Generated' };
// @ts-expect-error: a name is required.
export const nameless: Input = {};
// @ts-expect-error: limit is a number.
export const wrong = () => listCustomers({ limit: 'all' });

defaults.baseUrl = process.argv[2]!;
defaults.headers = { Authorization: 'Bearer ' + process.argv[3] };
const created = await createCustomer(input);
if (created.status !== 201) throw new Error('not created');
const answer = await listCustomers({ limit: 10, sort: '-createdAt' });
if (answer.status !== 200) throw new Error('not listed');
const page: Page = answer.data;
console.log(page.items.map(({ slug }): string => slug).join());
`;

describe('GET /api/docs', () => {
  it('needs nothing from elsewhere, under a policy that would refuse it', async () => {
    const docs = await fetch(`${testApp().url}/api/docs`);
    const policy = Object.fromEntries(
      docs.headers
        .get('content-security-policy')!
        .split(';')
        .map((part) => part.trim().split(/ (.*)/).slice(0, 2) as [string, string]),
    );
    expect(policy).toMatchObject({ 'default-src': "'self'", 'frame-ancestors': "'none'", 'base-uri': "'none'" });
    expect([policy['script-src'], policy['connect-src']]).toEqual([undefined, undefined]);

    const page = await docs.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|\son\w+=/);
    const files = [...page.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(
      ([, url]) => new URL(url!, docs.url),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect([file.origin, (await fetch(file)).status]).toEqual([testApp().url, 200]);
  });
});

describe('generated clients', () => {
  let folder: string;
  beforeAll(async () => {
    await mkdir(join(project, 'dist'), { recursive: true });
    folder = await mkdtemp(join(project, 'dist/clients-')); // Below node_modules, as a user's program would be.
  });
  afterAll(() => rm(folder, { recursive: true }));

  const tool = (path: string, ...args: string[]) =>
    run(process.execPath, [join(project, 'node_modules', path), ...args], { cwd: folder });

  it.each([
    ['openapi-typescript/bin/cli.js', ['-o', 'types.d.ts']],
    ['oazapfts/dist/cli.js', ['client.ts']],
  ])('%s runs without a warning', async (path, output) => {
    const { stdout, stderr } = await tool(path, join(project, 'openapi.json'), ...output);
    expect(stderr + stdout).not.toMatch(/warn|deprecat|unsupported|skip/i);
  });

  it('compile under strict, and list customers', async () => {
    const { api } = await anOrg();
    await writeFile(join(folder, 'program.ts'), PROGRAM);
    const options = [
      '--strict',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--types',
      'node',
    ];
    const compiled = await tool('typescript/bin/tsc', ...options, 'program.ts').catch(
      (error: { stdout: string }) => error,
    );
    expect(compiled.stdout).toBe('');
    const { stdout } = await run(process.execPath, [join(folder, 'program.js'), `${testApp().url}/api`, api.token!]);
    expect(stdout).toBe('sakura-generated\n');
  });
});

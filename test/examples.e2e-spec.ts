import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { DEMO_FLAGS } from '../src/demo/flags.js';
import { FlagStreams } from '../src/ofrep/streams/flag-streams.js';
import { testApp, useApp } from './support/app.js';
import { project, until } from './support/embedded-process.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import { freePort } from './support/ports.js';

jest.setTimeout(60_000);

const EXAMPLES = join(project, 'examples');
const NONE = '""';
const TRIAL = '"Your trial ends soon."';

const pagePort = await freePort();
const PAGE = `http://localhost:${pagePort}`;
useApp({ env: { FLAGS_CORS_ORIGINS: PAGE } });

let org: TestOrganization;
let apiUrl: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  apiUrl = `${testApp().url}/api`.replace('127.0.0.1', 'localhost');
  org = await anOrg();
  for (const flag of DEMO_FLAGS) expect((await org.api.post('/api/feature-flags', flag)).status).toBe(201);
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  }
});

const environment = (token?: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  KAITEN_URL: apiUrl,
  KAITEN_TOKEN: token,
  PORT: String(pagePort),
});

/** Starts a program of the examples. @returns what it has said so far */
function start(file: string, token?: string): () => string {
  const child = spawn(process.execPath, [join(EXAMPLES, file)], {
    env: environment(token),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return () => said;
}

/** Flips the banner as the examples' README does. @returns what that says */
async function flip(token = org.api.token!): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(EXAMPLES, 'flip.mjs'), 'banner'], {
    env: environment(token),
  });
  return stdout;
}

describe('the Node program', () => {
  it('shows a flag flip, and flip back', async () => {
    const said = start('node/watch.mjs', (await org.as('read:feature_flags')).token!);
    await until(() => said().endsWith(`banner is ${NONE} (none, DEFAULT)\n`));
    expect(await flip()).toBe('banner: trial\n');
    await until(() => said().endsWith(`banner is ${TRIAL} (trial, DEFAULT)\n`));
    expect(await flip()).toBe('banner: none\n');
    await until(() => said().split('\n').length === 4);
    expect(said().split('\n')[2]).toBe(said().split('\n')[0]);
  });

  it('says what is wrong, and goes on', async () => {
    const said = start('node/watch.mjs', 'ksh_none');
    await until(() => said().startsWith('banner is "unknown" (ERROR'));
  });

  it('runs with the packages that it was run with here', async () => {
    const read = async (path: string): Promise<any> => JSON.parse(await readFile(join(project, path), 'utf8'));
    const { dependencies } = await read('examples/node/package.json');
    const { packages } = await read('examples/node/package-lock.json');
    const { devDependencies } = await read('package.json');
    expect(packages[''].dependencies).toEqual(dependencies);
    for (const [name, version] of Object.entries(dependencies))
      expect([name, version]).toEqual([name, devDependencies[name]]);
  });
});

it('flip.mjs changes nothing that somebody else has changed meanwhile, nor without the scope', async () => {
  await expect(flip((await org.as('read:feature_flags')).token!)).rejects.toThrow('Auth.MissingScope');
});

const program = process.env.KAITEN_TEST_CHROMIUM;

/** Where it is not installed, the run's last lines say so: see test/support/programs.mjs. */
(program ? describe : describe.skip)('the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: program });
  });
  afterAll(() => browser?.close());

  it('shows a flag flip without being loaded again, and goes on when its stream has ended', async () => {
    const said = start('page/serve.mjs');
    await until(() => said() === `${PAGE}\n`);
    const page = await browser.newPage();
    const urls: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    page.on('pageerror', (error) => errors.push(error.message));
    const value = page.locator('#value');
    const isShown = async (text: string): Promise<void> => {
      await value.filter({ hasText: text }).waitFor({ timeout: 15_000 });
    };

    await page.goto(`${PAGE}/?api=${encodeURIComponent(apiUrl)}`);
    const token = (await org.as('read:feature_flags')).token!;
    await page.fill('#token', token);
    await page.click('button');
    await isShown(NONE);
    const { hub } = testApp().app.get(FlagStreams);
    await until(() => hub.has(org.org.id));
    await page.evaluate('window.isTheSame = true');

    expect(await flip()).toBe('banner: trial\n');
    await isShown(TRIAL);
    for (const stream of hub.streams()) hub.end(stream);
    expect(await flip()).toBe('banner: none\n');
    await isShown(NONE);

    expect(await page.evaluate('window.isTheSame')).toBe(true);
    expect(errors).toEqual([]);
    // Nothing from elsewhere, and the token in no address.
    expect(new Set(urls.map((url) => new URL(url).origin))).toEqual(new Set([PAGE, new URL(apiUrl).origin]));
    expect(urls.filter((url) => url.includes(token.slice(4)))).toEqual([]);
    await page.close();
  });

  it('says what is wrong with its token', async () => {
    const said = start('page/serve.mjs');
    await until(() => said() === `${PAGE}\n`);
    const page = await browser.newPage();
    await page.goto(`${PAGE}/?api=${encodeURIComponent(apiUrl)}`);
    await page.fill('#token', 'ksh_none');
    await page.click('button');
    await page.locator('#state').filter({ hasText: 'trying again' }).waitFor({ timeout: 15_000 });
    await page.close();
  });
});

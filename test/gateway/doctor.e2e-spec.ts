import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { probeDirect } from '../../src/doctor/direct-probes.js';
import { Endpoint } from '../../src/doctor/endpoint.js';
import { examineGateway } from '../../src/doctor/examine-gateway.js';
import type { Outcome, Result } from '../../src/doctor/probe.js';
import { generateToken } from '../../src/tokens/token-format.js';
import { testApp, useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import type { Fault, Gateway, Kind } from '../support/gateways.js';
import { KINDS, startGateway } from '../support/gateways.js';
import { kaitenReading } from '../support/kaiten.js';
import type { Run } from '../support/kaiten.js';
import { anOrg } from '../support/organizations.js';
import { freePort } from '../support/ports.js';
import { MISTAKES, OPEN_VALIDATE } from './mistakes.js';

jest.setTimeout(60_000);
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

let token: string;
const running: Gateway[] = [];

beforeAll(async () => {
  token = (await anOrg('read:customers')).api.token!;
});
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop();
});

async function start(kind: Kind, fault?: Fault): Promise<Gateway> {
  const { port } = testApp().server.address() as AddressInfo;
  const gateway = await startGateway(kind, { api: port, console: port }, fault);
  running.push(gateway);
  return gateway;
}

const doctor = (input: string, ...args: string[]): Promise<Run> =>
  kaitenReading(input, 'doctor', 'gateway', '--token-stdin', ...args);
const those = (results: readonly Result[], sought: Outcome): string[] =>
  results.filter(({ outcome }) => outcome === sought).map(({ probe }) => probe);
const found = (results: readonly Result[]): string[] => those(results, 'finding');

describe.each(KINDS)('%s', (kind) => {
  const mistakes = Object.entries(MISTAKES).filter(([, mistake]) => mistake[kind] !== undefined);

  it.each(mistakes)('%s: it finds that', async (_, mistake) => {
    const { url } = await start(kind, mistake);
    const results = await examineGateway({ url, token });
    expect(found(results)).toEqual(expect.arrayContaining([...mistake.finds]));
    // It works for its users all the same, which is why nobody notices.
    expect(results[0]).toMatchObject({ probe: 'a good token', outcome: 'ok' });
  });

  it('that validate can be asked is said, and a principal from there is worth nothing', async () => {
    const { url } = await start(kind, OPEN_VALIDATE);
    const results = await examineGateway({ url, token });
    expect(found(results)).toEqual([]);
    expect(results).toContainEqual({
      probe: 'validate itself, through the gateway',
      outcome: 'ok',
      says: expect.stringContaining('can be asked'),
    });
    expect(results).toContainEqual({
      probe: 'a principal of validate, sent by the client',
      outcome: 'ok',
      says: 'refused by validate (401 ValidateToken.Invalid)',
    });
  });
});

describe('what tells nothing is not taken for a refusal', () => {
  it('refusals of nobody knows whom', async () => {
    const { url } = await start('proxy', { proxy: { validates: () => false, hides: 'everything' } });
    expect(those(await examineGateway({ url, token }), 'undecided')).toEqual(
      expect.arrayContaining([
        'a garbage token',
        'an unsigned principal (alg none)',
        'the path "/api/me/"',
        'the method HEAD',
      ]),
    );
  });

  it('a gateway that goes away in the middle', async () => {
    let asked = 0;
    const fault: Fault = {
      proxy: {
        validates: () => {
          if (++asked === 20) void way.cut();
          return true;
        },
      },
    };
    const { url } = await start('proxy', fault);
    const way = await CutOff.to(Number(new URL(url).port));
    const results = await examineGateway({ url: `http://127.0.0.1:${way.port}`, token });
    expect(found(results)).toEqual([]);
    expect(those(results, 'undecided')).toEqual(
      expect.arrayContaining(['the method HEAD', 'the good token, at the end']),
    );
    expect(those(results, 'undecided').length).toBeGreaterThan(50);
  });

  it('one that has nobody to ask any more', async () => {
    const { port } = testApp().server.address() as AddressInfo;
    const way = await CutOff.to(port);
    let asked = 0;
    const fault: Fault = {
      proxy: {
        validates: () => {
          if (++asked === 20) void way.cut();
          return true;
        },
      },
    };
    const gateway = await startGateway('proxy', { api: way.port, console: way.port }, fault);
    running.push(gateway);
    const { exitCode, value, stderr } = await doctor(token, '--url', gateway.url, '--json');
    expect([exitCode, value.findings]).toEqual([1, 0]);
    expect(value.undecided).toBe(those(value.probes, 'undecided').length);
    expect(stderr).toMatch(/^error: the gateway has no findings, but \d+ probes could not be decided: try again\n$/);
  });

  it('one that has had enough of whoever asks so much', async () => {
    let asked = 0;
    const me = { user: { id: 'u' }, organization: { slug: 'sakura' }, token: { id: 't' }, forwardingHeaders: [] };
    const server = createServer(({ headers }, response) => {
      const isGood = ++asked < 30 && headers.authorization === `Bearer ${token}`;
      response.writeHead(isGood ? 200 : 403).end(isGood ? JSON.stringify(me) : '');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const results = await examineGateway({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token });
    server.close();
    expect(found(results)).toEqual([]);
    expect(those(results, 'undecided')).toEqual(['the good token, at the end']);
  });
});

describe('around the gateway', () => {
  it('a server that can be reached is found, and what it believes from there', async () => {
    const { url } = await start('proxy');
    const results = await examineGateway({ url, directUrl: testApp().url, token });
    expect(found(results)).toEqual([
      'the API, around the gateway',
      'an unsigned principal, around the gateway',
      'X-Forwarded-For, around the gateway',
    ]);
  });

  it('one that cannot be is none', async () => {
    const { url } = await start('proxy');
    const results = await examineGateway({ url, directUrl: `http://127.0.0.1:${await freePort()}`, token });
    expect(found(results)).toEqual([]);
    expect(results.at(-1)).toMatchObject({ outcome: 'ok', says: expect.stringMatching(/^cannot be reached: /) });
  });

  it('one that takes connections and says nothing is no such one', async () => {
    const { url } = await start('proxy');
    const way = await CutOff.to((testApp().server.address() as AddressInfo).port);
    await way.silence();
    const direct = new Endpoint(`http://127.0.0.1:${way.port}`, 500);
    const results = await probeDirect({ gateway: new Endpoint(url), direct, token, me: undefined });
    await way.cut();
    expect(results).toMatchObject([{ outcome: 'undecided', says: expect.stringMatching(/^takes connections: /) }]);
  });
});

describe('kaiten doctor gateway', () => {
  it('prints a line for each probe, exits 0 without findings, and never says the token', async () => {
    const { url } = await start('proxy');
    const { exitCode, stdout, stderr } = await doctor(`${token}\n`, '--url', url);
    expect([exitCode, stderr]).toEqual([0, 'The gateway has no findings.\n']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(80);
    expect(lines.filter((line) => !/^(?:ok|skipped) +\S.*: \S/.test(line))).toEqual([]);
    expect(stdout).not.toContain('ksh_');
    expect(stdout).not.toContain('eyJ');
  });

  it('exits 1 with findings, which say what an attacker gets', async () => {
    const { url } = await start('proxy', MISTAKES['nothing is validated']);
    const { exitCode, stdout, stderr } = await doctor(token, '--url', url);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: the gateway has \d+ findings\n$/)]);
    expect(stdout).toMatch(/^FINDING +an unsigned principal \(alg none\): .*An attacker can write a principal/m);
    expect(stdout).not.toContain('ksh_');
  });

  it('--json prints one JSON value', async () => {
    const { url } = await start('proxy', MISTAKES['X-Forwarded-For is appended to']);
    const { exitCode, value } = await doctor(token, '--url', url, '--json');
    expect(exitCode).toBe(1);
    expect(value).toEqual({ url, findings: expect.any(Number), undecided: 0, probes: expect.any(Array) });
    expect(value.findings).toBe(found(value.probes).length);
  });

  it('says so when the token does not work', async () => {
    const { url } = await start('proxy');
    const { exitCode, stdout } = await doctor(generateToken(), '--url', url);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FINDING +a good token: does not work \(401 ValidateToken.Invalid\)/m);
    expect(stdout).toMatch(/^skipped +the address of the client: /m);
  });

  it('fails when nobody answers', async () => {
    const api = await freePort();
    const { exitCode, stdout, stderr } = await doctor(token, '--url', `http://127.0.0.1:${api}`);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: .*ECONNREFUSED/);
  });

  it.each([
    ['without --url', token, []],
    ['with another protocol', token, ['--url', 'ftp://127.0.0.1']],
    ['with a password in the URL', token, ['--url', 'http://a:b@127.0.0.1']],
    ['with what is no token', 'secret', ['--url', 'http://127.0.0.1:1']],
    ['with nothing on stdin', '', ['--url', 'http://127.0.0.1:1']],
  ])('%s: exits 2', async (_, input, args) => {
    const { exitCode, stdout, stderr } = await doctor(input ?? token, ...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain('secret');
  });

  it('without --token-stdin: exits 2', async () => {
    const { exitCode } = await kaitenReading(token, 'doctor', 'gateway', '--url', 'http://127.0.0.1:1');
    expect(exitCode).toBe(2);
  });
});

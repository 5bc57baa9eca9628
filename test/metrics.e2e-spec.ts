import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { rootStateOf } from '../src/database/embedded/cluster.js';
import { serveMetrics } from '../src/metrics/metrics-server.js';
import { Metrics } from '../src/metrics/metrics.js';
import { generateToken } from '../src/tokens/token-format.js';
import { anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg, mint } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import type { Samples } from './support/prometheus.js';
import { parseMetrics } from './support/prometheus.js';
import { RawConnection, rawRequest, sendRaw } from './support/raw-http.js';
import { freePort, freePorts } from './support/ports.js';
import { ServerProcess } from './support/server-process.js';
import { undisturbed } from './support/undisturbed.js';

jest.setTimeout(60_000);
useApp({ poolSize: 4 });

let org: TestOrganization;
let server: Server;
let url: string;
beforeAll(async () => {
  org = await anOrg();
  server = await serveMetrics(testApp().app.get(Metrics).createRegistry(), { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const scrapeText = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
const scrape = async (): Promise<Samples> => parseMetrics(await scrapeText());

/** What has grown meanwhile, of the samples whose name begins so. */
async function growthOf(prefix: string, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await scrape();
  await work();
  // A request is counted when its connection has taken the answer, which is after the client has it.
  await sleep(50);
  const grown = [...(await scrape())].filter(([id, value]) => id.startsWith(prefix) && value !== (before.get(id) ?? 0));
  return Object.fromEntries(grown.map(([id, value]) => [id.slice(prefix.length), value - (before.get(id) ?? 0)]));
}

const validate = (authorization?: string): Promise<unknown> =>
  sendRaw(rawRequest('GET /api/tokens/validate', authorization ? [`Authorization: ${authorization}`] : [], undefined));

describe('GET /metrics', () => {
  it('answers in the format of Prometheus, with all that there is to know', async () => {
    await org.api.get('/api/me');
    const response = await fetch(`${url}/metrics?name=ignored`);
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ]);
    const names = new Set([...parseMetrics(await response.text()).keys()].map((id) => id.split('{')[0]));
    for (const name of [
      'kaiten_http_requests_total',
      'kaiten_http_request_duration_seconds_count',
      'kaiten_validate_requests_total',
      'kaiten_validate_duration_seconds_count',
      'kaiten_token_cache_records',
      'kaiten_token_cache_loads',
      'kaiten_token_cache_trusted',
      'kaiten_token_cache_hits_total',
      'kaiten_token_cache_misses_total',
      'kaiten_token_cache_invalidations_total',
      'kaiten_database_pool_connections',
      'kaiten_database_pool_idle_connections',
      'kaiten_database_pool_waiting',
      'kaiten_database_pool_max_connections',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ]) {
      expect(names).toContain(name);
    }
  });

  it('HEAD has the headers alone', async () => {
    const response = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1_000);
  });

  it('is all that is there: 404 elsewhere, 405 for other methods', async () => {
    for (const path of ['/', '/metrics/', '/Metrics', '/metrics/x', '//metrics', '/api/customers', '/api/healthz']) {
      const response = await fetch(url + path, { headers: { Authorization: `Bearer ${org.api.token}` } });
      expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([
        path,
        404,
        'NOT_FOUND',
      ]);
    }
    const response = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is not served by the API', async () => {
    for (const path of ['/metrics', '/api/metrics']) expect((await org.api.get(path)).status).toBe(404);
  });
});

describe('kaiten_http_requests_total', () => {
  it('counts by method, route and status', async () => {
    const growth = await growthOf('kaiten_http_requests_total', async () => {
      for (let i = 0; i < 3; i++) await org.api.get('/api/customers?limit=1');
      await org.api.get('/api/customers/nobody');
      await org.api.get('/api/customers/no-one');
      await org.api.get('/api/customers?limit=0');
      await org.api.post('/api/customers', { name: 'Counted' });
      await anonymous.get('/api/customers');
    });
    expect(growth).toEqual({
      '{method="GET",route="/api/customers",status="200"}': 3,
      '{method="GET",route="/api/customers/:customerSlug",status="404"}': 2,
      '{method="GET",route="/api/customers",status="422"}': 1,
      '{method="POST",route="/api/customers",status="201"}': 1,
      '{method="GET",route="/api/customers",status="401"}': 1,
    });
  });

  it('has one series for what no route was found for, whatever was asked', async () => {
    const growth = await growthOf('kaiten_http_request', async () => {
      for (let i = 0; i < 20; i++) await anonymous.get(`/api/invented-${i}`);
      for (const method of ['PROPFIND', 'MKCOL', 'PURGE', 'LINK']) {
        await sendRaw(rawRequest(`${method} /api/customers/invented`, [], undefined));
      }
      await sendRaw(rawRequest('GET /api/%ff', [], undefined));
    });
    const counted = Object.entries(growth).filter(([id]) => id.startsWith('s_total'));
    expect(Object.fromEntries(counted)).toEqual({
      's_total{method="GET",route="none",status="404"}': 20,
      's_total{method="other",route="none",status="405"}': 4,
      's_total{method="GET",route="none",status="400"}': 1,
    });
    expect(growth['_duration_seconds_count{method="other",route="none"}']).toBe(4);
    expect(await scrapeText()).not.toContain('invented');
  });

  it('says when the client went away first', async () => {
    const growth = await growthOf('kaiten_http_requests_total', async () => {
      const connection = await RawConnection.open();
      const headers = ['Content-Type: application/json', 'Content-Length: 10'];
      connection.write(rawRequest('POST /api/customers', headers, org.api.token, '{'));
      await sleep(100);
      connection.destroy();
    });
    expect(growth).toEqual({ '{method="POST",route="/api/customers",status="aborted"}': 1 });
  });

  it('tells durations in seconds', async () => {
    const growth = await growthOf('kaiten_http_request_duration_seconds', () => org.api.get('/api/customers'));
    const labels = '{method="GET",route="/api/customers"}';
    expect(growth[`_count${labels}`]).toBe(1);
    expect(growth[`_sum${labels}`]).toBeGreaterThan(0);
    expect(growth[`_sum${labels}`]).toBeLessThan(5);
  });
});

describe('kaiten_validate_requests_total', () => {
  it('counts what was allowed, and the rest by its cause', async () => {
    const expired = await mint(org.org, org.account.id, ['read:*'], new Date(Date.now() + 300));
    const elsewhere = await tokenWith({ allowedCidrs: ['192.0.2.0/24'] });
    const revoked = await tokenWith({});
    await revoked.revoke();
    await sleep(350);
    const growth = await growthOf('kaiten_validate', async () => {
      for (let i = 0; i < 3; i++) await validate(`Bearer ${org.api.token}`);
      await validate();
      await validate('Basic YTpi');
      await validate('Bearer ksh_mistyped');
      for (let i = 0; i < 2; i++) await validate(`Bearer ${generateToken()}`);
      await validate(`Bearer ${expired}`);
      await validate(`Bearer ${revoked.token}`);
      await validate(`Bearer ${elsewhere.token}`);
    });
    const outcomes = Object.entries(growth).filter(([id]) => id.startsWith('_requests_total'));
    expect(Object.fromEntries(outcomes)).toEqual({
      '_requests_total{outcome="allowed"}': 3,
      '_requests_total{outcome="missing"}': 1,
      '_requests_total{outcome="malformed"}': 2,
      '_requests_total{outcome="unknown"}': 2,
      '_requests_total{outcome="expired"}': 1,
      '_requests_total{outcome="revoked"}': 1,
      '_requests_total{outcome="network"}': 1,
    });
    expect(growth['_duration_seconds_count']).toBe(11);
    expect(growth['_duration_seconds_sum']).toBeGreaterThan(0);
  });

  it('is what the log has of it: one line a second at the most, no token in it', async () => {
    await sleep(1_100);
    const from = testApp().log().length;
    const started = Date.now();
    for (let i = 0; i < 200; i++) await validate('Bearer ksh_mistyped');
    await sleep(1_100);
    const lines = testApp()
      .log()
      .slice(from)
      .split('\n')
      .filter((line) => line.includes('validate'));
    const parsed = lines.map((line) => JSON.parse(line) as { msg: string; level: number; malformed: number });
    expect(new Set(parsed.map(({ msg, level }) => `${msg} ${level}`))).toEqual(new Set(['validate refused 40']));
    expect(parsed.reduce((sum, { malformed }) => sum + malformed, 0)).toBe(200);
    expect(lines.length).toBeLessThanOrEqual(Math.ceil((Date.now() - started) / 1_000));
    expect(lines.join()).not.toContain('mistyped');
  });

  it('leaves the log alone while everything is allowed', async () => {
    await sleep(1_100);
    const from = testApp().log().length;
    for (let i = 0; i < 20; i++) await validate(`Bearer ${org.api.token}`);
    await sleep(1_100);
    expect(testApp().log().slice(from)).not.toContain('validate');
  });
});

describe('kaiten_token_cache_*', () => {
  it('counts hits, look-ups and changes, and knows its size', async () => {
    await validate(`Bearer ${org.api.token}`);
    const before = await scrape();
    expect(before.get('kaiten_token_cache_trusted')).toBe(1);
    const { revoke, growth } = await undisturbed(async () => {
      const { token, revoke } = await tokenWith({});
      const growth = await growthOf('kaiten_token_cache_', async () => {
        for (let i = 0; i < 5; i++) await validate(`Bearer ${token}`);
      });
      return { revoke, growth };
    });
    expect(growth).toEqual({ records: 1, misses_total: 1, hits_total: 4 });
    // Revoking is a request with a token of its own, which is in memory. Other suites revoke tokens meanwhile.
    const { records, invalidations_total } = await growthOf('kaiten_token_cache_', revoke);
    expect(records).toBe(-1);
    expect(invalidations_total).toBeGreaterThanOrEqual(1);
    expect((await scrape()).get('kaiten_token_cache_loads')).toBe(0);
  });
});

describe('kaiten_database_pool_*', () => {
  it('shows who waits for a connection, and that there are no more than there may be', async () => {
    const { dataSource } = testApp();
    const runners = Array.from({ length: 6 }, () => dataSource.createQueryRunner());
    const connected = runners.map((runner) => runner.connect());
    await Promise.all(connected.slice(0, 4));
    const during = await scrape();
    await Promise.all(runners.slice(0, 4).map((runner) => runner.release()));
    await Promise.all(connected);
    await Promise.all(runners.map((runner) => runner.release()));
    const after = await scrape();
    const of = (samples: Samples) =>
      ['connections', 'idle_connections', 'waiting', 'max_connections'].map((name) =>
        samples.get(`kaiten_database_pool_${name}`),
      );
    expect([of(during), of(after)]).toEqual([
      [4, 0, 2, 4],
      [4, 4, 0, 4],
    ]);
  });
});

describe('what the metrics do not say', () => {
  it('no token, and nothing of an organization', async () => {
    await org.api.get(`/api/customers/${org.org.id}`);
    await org.api.get('/api/me');
    const text = await scrapeText();
    for (const secret of [org.api.token!.slice(4), org.org.id, org.org.slug, org.org.name, org.account.id]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain('ksh_');
  });
});

describe('METRICS_LISTEN', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'kaiten-metrics-')), 'data');
  });
  afterAll(async () => {
    await rm(rootStateOf(await realpath(dataDir)), { recursive: true, force: true });
    await rm(join(dataDir, '..'), { recursive: true, force: true });
  });

  it('serves them on an address of their own; off, nothing of them is served', async () => {
    const port = await freePort();
    const running = new ServerProcess(dataDir, await freePorts(), { METRICS_LISTEN: `127.0.0.1:${port}` });
    try {
      await running.ready();
      const metrics = `http://127.0.0.1:${port}/metrics`;
      const before = parseMetrics(await (await fetch(metrics)).text());
      await running.get('/api/customers');
      await sleep(50);
      const after = parseMetrics(await (await fetch(metrics)).text());
      const id = 'kaiten_http_requests_total{method="GET",route="/api/customers",status="401"}';
      expect([before.get(id), after.get(id)]).toEqual([undefined, 1]);
      expect((await running.get('/metrics'))!.status).toBe(404);
      expect(await running.stop()).toBe(0);
      await expect(fetch(metrics)).rejects.toThrow('fetch failed');
    } finally {
      await running.stop();
    }
    const without = new ServerProcess(dataDir, await freePorts());
    try {
      await without.ready();
      await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
      for (const path of ['/metrics', '/api/metrics']) expect((await without.get(path))!.status).toBe(404);
    } finally {
      await without.stop();
    }
  });

  it('names itself when its port is taken, and when it is none', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const beside = new ServerProcess(dataDir, await freePorts(), { METRICS_LISTEN: `127.0.0.1:${port}` });
    expect(await beside.exited).toBe(1);
    squatter.close();
    expect(beside.stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
    expect(beside.stderr).toContain('METRICS_LISTEN=<address>:<port>');

    const nowhere = new ServerProcess(dataDir, await freePorts(), { METRICS_LISTEN: '192.0.2.1:9464' });
    expect(await nowhere.exited).toBe(1);
    expect(nowhere.stderr).toContain('192.0.2.1 is no address of this machine; METRICS_LISTEN names it');
  });
});

/** Makes a token through the API. */
async function tokenWith(extra: object): Promise<{ token: string; revoke: () => Promise<void> }> {
  const path = `/api/service-accounts/${org.account.slug}/tokens`;
  const { status, body, text } = await org.api.post(path, {
    name: `counted ${Date.now()}`,
    scopes: ['read:*'],
    ...extra,
  });
  if (status !== 201) throw new Error(text);
  return {
    token: body.token,
    revoke: async () => {
      expect((await org.api.delete(`${path}/${body.slug}`)).status).toBe(204);
    },
  };
}

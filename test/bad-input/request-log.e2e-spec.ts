import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { anonymous } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

const NEW_ID = /^[0-9a-f]{32}$/;

/** Log lines of a request, as soon as there is one. */
async function linesOf(requestId: string): Promise<Record<string, unknown>[]> {
  const find = (): string[] =>
    testApp()
      .log()
      .split('\n')
      .filter((line) => line.includes(requestId));
  for (let i = 0; i < 100 && find().length === 0; i++) await sleep(10);
  return find().map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('X-Request-Id', () => {
  it.each(['1', 'a-Z_0.9', 'trace:4bf92f3577b34da6/00f067aa0ba902b7+x=', 'x'.repeat(128)])(
    'a well-formed one is kept: %s',
    async (id) => {
      const headers = { 'X-Request-Id': id };
      expect((await org.api.get('/api/customers', { headers })).headers['x-request-id']).toBe(id);
      expect((await anonymous.get('/api/customers', { headers })).headers['x-request-id']).toBe(id);
      expect((await anonymous.get('/nope', { headers })).headers['x-request-id']).toBe(id);
      expect((await anonymous.get('/api/customers/%ff', { headers })).headers['x-request-id']).toBe(id);
    },
  );

  it.each(['', 'a b', 'a,b', '"a"', '{}', '<script>', 'a;b', 'é', '\xff', 'x'.repeat(129), '%0d%0aSet-Cookie:a'])(
    'another is replaced: %j',
    async (id) => {
      const { headers } = await sendRaw(rawRequest('GET /api/healthz', [`X-Request-Id: ${id}`], undefined));
      expect(headers['x-request-id']).toMatch(NEW_ID);
    },
  );

  it('two of them are replaced, and so is none', async () => {
    for (const given of [['X-Request-Id: a', 'X-Request-Id: b'], []]) {
      const { headers } = await sendRaw(rawRequest('GET /api/healthz', given, undefined));
      expect(headers['x-request-id']).toMatch(NEW_ID);
    }
  });

  it('is there for the documentation as well', async () => {
    for (const path of ['/api/docs', '/api/openapi.json', '/api/docs/nope.js']) {
      expect(
        (await sendRaw(rawRequest(`GET ${path}`, ['X-Request-Id: docs'], undefined))).headers['x-request-id'],
      ).toBe('docs');
    }
  });
});

describe('the log', () => {
  it('has one line per request: id, method, route, status, duration, organization, token', async () => {
    const { id } = (await org.api.get('/api/me')).body.token;
    const about = { organizationId: org.org.id, tokenId: id };
    for (const [method, path, status, route, principal] of [
      ['GET', '/api/customers?q=secret-search', 200, '/api/customers', about],
      ['GET', '/api/customers/secret-name', 404, '/api/customers/:customerSlug', about],
      ['DELETE', '/api/instances/secret-name', 404, '/api/instances/:instanceSlug', about],
      ['GET', '/api/customers?limit=0', 422, '/api/customers', about],
      ['PATCH', '/api/customers', 405, undefined, undefined],
      ['GET', '/api/secret-path', 404, undefined, undefined],
      ['GET', '/secret-path', 404, undefined, undefined],
      ['GET', '/api/healthz', 200, '/api/healthz', undefined],
    ] as const) {
      const requestId = `log-${method}-${path.replace(/\W/g, '-')}`;
      expect((await org.api.send(method, path, { headers: { 'X-Request-Id': requestId } })).status).toBe(status);
      const lines = await linesOf(requestId);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toEqual({
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        msg: 'request',
        requestId,
        method,
        ...(route && { route }),
        status,
        durationMs: expect.any(Number),
        ...principal,
      });
      expect(lines[0]!.durationMs).toBeGreaterThan(0);
    }
    const { headers } = await org.api.get('/api/customers/secret-name');
    expect(JSON.stringify(await linesOf(headers['x-request-id']!))).not.toContain('secret-name');
  });

  it('names neither organization nor token for those who are not let in', async () => {
    const [line] = await linesOf((await anonymous.get('/api/customers')).headers['x-request-id']!);
    expect(line).toMatchObject({ status: 401, route: '/api/customers' });
    expect(line).not.toHaveProperty('organizationId');
    expect(line).not.toHaveProperty('tokenId');
  });

  it('names both where a scope is missing', async () => {
    const reader = await org.as('read:customers');
    const [line] = await linesOf((await reader.get('/api/instances')).headers['x-request-id']!);
    expect(line).toMatchObject({ status: 403, organizationId: org.org.id, tokenId: expect.any(String) });
  });

  it('has no line of its own for input: a line feed in it changes nothing', async () => {
    const requestId = 'log-injection';
    await org.api.get('/api/customers/a%0A%7B%22level%22:60%7D', {
      headers: { 'X-Request-Id': requestId, 'User-Agent': '{"level":60}' },
    });
    expect(await linesOf(requestId)).toHaveLength(1);
    expect(testApp().log()).not.toContain('"level":60');
  });

  it('is JSON, line by line', () => {
    const lines = testApp().log().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(Number),
        time: expect.any(String),
        msg: expect.any(String),
      });
  });
});

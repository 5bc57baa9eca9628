import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Operation, Schemas } from '../../src/http/openapi-document.js';
import { referredName } from '../../src/http/openapi-document.js';
import { buildOpenApi } from '../../src/openapi.js';
import { testApp, useApp } from '../support/app.js';
import { makeFixtures } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { STRATEGIES } from '../support/flag-bodies.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

jest.setTimeout(60_000);
useApp();

let org: TestOrganization;
let fixtures: Fixtures;
let document: ReturnType<typeof buildOpenApi>;
beforeAll(async () => {
  org = await anOrg();
  document = buildOpenApi(testApp().app);
  fixtures = await makeFixtures(org);
});

/** JSON that has, as data, what JavaScript calls on an object when it wants a text, a number, a list or a promise of it. */
const OBJECT = {
  toString: 1,
  valueOf: 1,
  toJSON: 1,
  then: 1,
  length: 4_294_967_295,
  constructor: 1,
  hasOwnProperty: 1,
};

/** Bodies that a route accepts: the usual one, and for flags those with each strategy. */
function bodiesOf(route: { method: string; path: string }): object[] {
  const body = fixtures.body(route);
  if (body === undefined) return [];
  if (!('default_variant' in body)) return [body];
  const targetings = STRATEGIES.map((strategy, i) => ({ ...strategy, name: `t${i}`, rule: 'true' }));
  return [body, ...STRATEGIES.map((strategy) => ({ ...body, default_variant: strategy, targetings }))];
}

/** The fields that the document says a route's body may have, some of which the usual one leaves out. */
function fieldsOf({ method, path }: { method: string; path: string }): string[] {
  const item = document.paths[path.replace(/^\/api/, '').replace(/:(\w+)/g, '{$1}')] as Record<string, Operation>;
  const { schema } = item[method.toLowerCase()]!.requestBody!.content!['application/json']!;
  const { properties = {} } = (document.components!.schemas as Schemas)[referredName(schema.$ref!)]!;
  return Object.keys(properties);
}

/** The value with one of its parts replaced, for each of its parts. */
function* withOneReplaced(value: unknown, replacement: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const part = (value as Record<string, unknown>)[key];
    const others = [replacement, ...withOneReplaced(part, replacement)];
    for (const other of others)
      yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
  }
}

it('the bodies are ones that are understood', async () => {
  for (const { method, path } of testApp().routes) {
    for (const body of bodiesOf({ method, path })) {
      const { status, text } = await org.api.send(method, fixtures.path(path), { raw: JSON.stringify(body) });
      // A sign-in link that there is none of, a name that is taken by now.
      const isUnderstood = status < 300 || status === 409 || (status === 401 && path === '/api/session');
      expect([method, path, isUnderstood ? '' : text]).toEqual([method, path, '']);
    }
  }
});

describe('an object that nothing can be made of, at any place of any body', () => {
  it.each([
    ['itself', OBJECT],
    ['in a list', [OBJECT]],
  ])('%s: refused, or kept as it is; never a failure', async (_, replacement) => {
    const routes = testApp().routes.filter((route) => bodiesOf(route).length > 0);
    expect(routes.length).toBeGreaterThanOrEqual(10);
    for (const route of routes) {
      const { method, path } = route;
      const named = fieldsOf(route).map((name) => ({ ...bodiesOf(route)[0], [name]: replacement }));
      const replaced = bodiesOf(route).flatMap((whole) => [...withOneReplaced(whole, replacement)]);
      for (const body of [...named, ...replaced]) {
        const raw = JSON.stringify(body);
        const { status } = await org.api.send(method, fixtures.path(path), { raw });
        expect([method, path, raw, status < 500]).toEqual([method, path, raw, true]);
      }
    }
  });
});

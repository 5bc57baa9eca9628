import { beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { buildOpenApi } from '../../src/openapi.js';
import type { Answer } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { bodyOf, fill, missing, nameOf, parametersOf, samplesOf } from '../support/routes.js';
import type { Samples } from '../support/routes.js';
import { snapshot } from '../support/snapshot.js';

useApp();

let asking: TestOrganization;
let own: Samples;
let foreign: Samples;
let before: Record<string, unknown[]>;
let victim: TestOrganization;

beforeAll(async () => {
  asking = await anOrg();
  victim = await anOrg();
  own = await samplesOf(asking);
  foreign = await samplesOf(victim);
  before = await snapshot(victim.org.id);
});

/** All that a client sees of an answer, with the reference that it echoes taken out. */
function visible(answer: Answer, ...references: string[]): object {
  const headers = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !['date', 'x-request-id'].includes(name)),
  );
  return {
    status: answer.status,
    headers,
    text: references.reduce((text, reference) => text.replaceAll(reference, '<reference>'), answer.text),
  };
}

const KINDS = ['id', 'slug'] as const;

describe('a path with another organization’s id or slug', () => {
  it('answers as one with a missing one does, on every route, and changes nothing', async () => {
    // A token has no session, whosever it names: `test/sessions` asks as people do.
    const routes = testApp()
      .routes.filter(({ access }) => access?.kind !== 'session')
      .filter((route) => parametersOf(route).length > 0);
    expect(routes.length).toBeGreaterThanOrEqual(13);
    for (const route of routes) {
      const parameters = parametersOf(route);
      // Of a nested path each part may be foreign, and all of them.
      for (let mask = 1; mask < 2 ** parameters.length; mask++) {
        for (const kind of KINDS) {
          const values = (pick: (name: string) => string) =>
            Object.fromEntries(
              parameters.map((name, i) => [name, mask & (1 << i) ? pick(name) : known(own, name)[kind]]),
            );
          const there = values((name) => known(foreign, name)[kind]);
          const nowhere = values((name) => missing(foreign[name]![kind], foreign[name]!));
          const answers = [];
          for (const path of [there, nowhere]) {
            const answer = await asking.api.send(route.method, fill(route.path, path), { body: bodyOf(route, own) });
            answers.push(visible(answer, ...parameters.map((name) => path[name]!)));
          }
          expect({ route: nameOf(route), kind, answer: answers[0] }).toEqual({
            route: nameOf(route),
            kind,
            answer: answers[1],
          });
          expect(answers[0]).toMatchObject({
            status: 404,
            text: expect.stringMatching(/"code":"\w+\.NotFound"|"errorCode":"FLAG_NOT_FOUND"/),
          });
        }
      }
    }
  });

  it('finds what is there when its owner asks: the paths and bodies are good ones', async () => {
    const reading = testApp().routes.filter((route) => route.method === 'GET' && parametersOf(route).length > 0);
    for (const route of reading) {
      for (const kind of KINDS) {
        const path = fill(
          route.path,
          Object.fromEntries(parametersOf(route).map((name) => [name, known(foreign, name)[kind]])),
        );
        expect([nameOf(route), (await victim.api.get(path)).status]).toEqual([nameOf(route), 200]);
      }
    }
    const writing = testApp().routes.filter(({ method }) => ['PUT', 'PATCH'].includes(method));
    for (const route of writing) {
      const path = fill(route.path, Object.fromEntries(parametersOf(route).map((name) => [name, known(own, name).id])));
      expect([nameOf(route), (await asking.api.send(route.method, path, { body: bodyOf(route, own) })).status]).toEqual(
        [nameOf(route), 204],
      );
    }
  });

  function known(samples: Samples, name: string): Samples[string] {
    const sample = samples[name];
    if (!sample) throw new Error(`:${name} has no sample in test/support/routes.ts`);
    return sample!;
  }
});

interface Documented {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref: string } } };
  };
}

/** Fields of bodies and parameters of queries that are called like a reference, as `POST /api/instances, customerId`. */
function referencesOf(document: OpenAPIObject): string[] {
  const isReference = (name: string): boolean => /(Id|Ids|Slug)$/.test(name) && name !== 'externalCustomerId';
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Documented>).flatMap(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json'].schema.$ref.split('/').at(-1);
      const fields =
        schema === undefined
          ? {}
          : (document.components!.schemas![schema] as { properties: Record<string, { readOnly?: boolean }> })
              .properties;
      const names = [
        ...parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        ...Object.keys(fields).filter((name) => !fields[name]!.readOnly),
      ];
      return names
        .filter(isReference)
        .map((name) => `${method.toUpperCase()} /api${path.replace(/\{(\w+)\}/g, ':$1')}, ${name}`);
    }),
  );
}

describe('a body or a query with another organization’s id or slug', () => {
  /** Every field and parameter of the API that names another resource. */
  const places: readonly [string, (reference: string) => Promise<Answer>][] = [
    ['POST /api/instances, customerId', (customerId) => asking.api.post('/api/instances', { name: 'X', customerId })],
    [
      'PUT /api/instances/:instanceSlug, customerId',
      (customerId) => asking.api.put(`/api/instances/${own.instanceSlug!.id}`, { name: 'X', customerId }),
    ],
    ['GET /api/instances, customerId', (customerId) => asking.api.get(`/api/instances?customerId=${customerId}`)],
    ['GET /api/customers, q', (q) => asking.api.get(`/api/customers?q=${q}`)],
    ['GET /api/instances, q', (q) => asking.api.get(`/api/instances?q=${q}`)],
    ['GET /api/service-accounts, q', (q) => asking.api.get(`/api/service-accounts?q=${q}`)],
  ];

  it.each(places)('answers as one with a missing one does: %s', async (_, ask) => {
    for (const kind of KINDS) {
      const named = foreign.customerSlug!;
      const reference = named[kind];
      const nowhere = missing(reference, named);
      expect(visible(await ask(reference), reference)).toEqual(visible(await ask(nowhere), nowhere));
    }
  });

  it('has its place above for every field and parameter that names a resource', () => {
    const expected = [
      ...places.map(([place]) => place).filter((place) => !place.endsWith(', q')),
      // Until those resources exist, every reference to one is missing.
      ...['POST /api/instances', 'PUT /api/instances/:instanceSlug'].flatMap((route) => [
        `${route}, licenseId`,
        `${route}, deploymentZoneId`,
      ]),
    ];
    expect(referencesOf(buildOpenApi(testApp().app)).sort()).toEqual(expected.sort());
  });

  it('404 for the customer of an instance', async () => {
    for (const kind of KINDS) {
      const answer = await asking.api.post('/api/instances', { name: 'X', customerId: foreign.customerSlug![kind] });
      expect([answer.status, answer.body.code]).toEqual([404, 'Customer.NotFound']);
    }
  });

  it('the same slug may be taken anew: it is not taken here', async () => {
    const { status, body } = await asking.api.post('/api/customers', {
      name: 'Same',
      slug: foreign.customerSlug!.slug,
    });
    expect([status, body.slug]).toEqual([201, foreign.customerSlug!.slug]);
    expect((await asking.api.delete(`/api/customers/${body.slug}`)).status).toBe(204);
  });

  it('read-only fields with foreign ids are ignored', async () => {
    const intruding = {
      id: foreign.customerSlug!.id,
      createdBy: { id: victim.account.id, name: 'Somebody' },
      updatedBy: { id: victim.account.id },
    };
    const { status, body } = await asking.api.post('/api/customers', { name: 'Mine', ...intruding });
    expect(status).toBe(201);
    expect(body.id).not.toBe(intruding.id);
    expect([body.createdBy.id, body.updatedBy.id]).toEqual([asking.account.id, asking.account.id]);
    const token = await asking.api.post(`/api/service-accounts/${own.serviceAccountSlug!.id}/tokens`, {
      name: 'mine',
      scopes: ['read:*'],
      serviceAccountId: foreign.serviceAccountSlug!.id,
    });
    expect([token.status, token.body.serviceAccountId]).toEqual([201, own.serviceAccountSlug!.id]);
  });

  it('lists have none of them, and a cursor of another organization is refused', async () => {
    for (const name of ['customers', 'instances', 'service-accounts']) {
      const { text } = await asking.api.get(`/api/${name}?limit=200`);
      for (const { id } of Object.values(foreign)) expect(text).not.toContain(id);
    }
    await asking.api.post('/api/customers', { name: 'Two' });
    const { body } = await asking.api.get('/api/customers?limit=1');
    expect(body.nextCursor).toEqual(expect.any(String));
    const answer = await victim.api.get(`/api/customers?limit=1&cursor=${body.nextCursor}`);
    expect([answer.status, answer.body.errors[0].location]).toEqual([400, 'query.cursor']);
  });
});

describe('the other organization', () => {
  it('has exactly the rows that it had before all this', async () => {
    expect(before.customers).toHaveLength(1);
    expect(await snapshot(victim.org.id)).toEqual(before);
  });
});

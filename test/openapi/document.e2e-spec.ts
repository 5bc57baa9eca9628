import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Access } from '../../src/auth/access.js';
import { GRANTED_SCOPES } from '../../src/auth/scopes.js';
import type { MediaType, Operation, Schemas } from '../../src/http/openapi-document.js';
import { testApp, useApp } from '../support/app.js';
import { project } from '../support/embedded-process.js';
import { SWITCH } from '../support/flag-bodies.js';
import { anOrg } from '../support/organizations.js';

jest.setTimeout(60_000);
useApp();

interface Document {
  readonly servers: { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Schemas;
    readonly examples: Readonly<Record<string, { readonly value: { readonly status: number; readonly code: string } }>>;
    readonly securitySchemes: { readonly bearerAuth: object };
  };
}

const run = promisify(execFile);
let document: Document;
let operations: { name: string; operation: Operation }[];

beforeAll(async () => {
  document = JSON.parse(await readFile(join(project, 'openapi.json'), 'utf8')) as Document;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
});

describe('openapi.json', () => {
  it('is what the server serves, and what is written without a database', async () => {
    expect(await (await fetch(`${testApp().url}/api/openapi.json`)).json()).toEqual(document);
    const written = join(project, 'dist', `openapi-${process.pid}.json`);
    await run(process.execPath, [join(project, 'dist/src/write-openapi.js'), written], {
      env: { PATH: process.env.PATH },
    });
    expect(await readFile(written, 'utf8')).toBe(await readFile(join(project, 'openapi.json'), 'utf8'));
    await rm(written);
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...structuredClone(document) })).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every route and no other, each with the access that the guard enforces', () => {
    const requirement = (access: Access): Operation['security'] => {
      if (access.kind === 'public') return [];
      if (access.kind === 'session') return [{ sessionCookie: [] }];
      const scopes = access.kind === 'scope' ? [access.scope] : [];
      return [{ bearerAuth: scopes }, { sessionCookie: scopes }];
    };
    const routes = testApp().routes.map(({ method, path, access }) => [
      `${method} ${path.replace(/^\/api/, '').replace(/:(\w+)/g, '{$1}')}`,
      requirement(access!),
    ]);
    expect(Object.fromEntries(operations.map(({ name, operation }) => [name, operation.security]))).toEqual(
      Object.fromEntries(routes),
    );
    expect(operations).toHaveLength(routes.length);
    expect(document.servers).toEqual([{ url: '/api' }]);
  });

  it("has the contract's operations under their names, tags and scopes", () => {
    const lines = operations.map(({ name, operation }) =>
      [name, operation.operationId, ...operation.tags, ...(operation.security?.[0]?.bearerAuth ?? [])].join(' '),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'GET /customers list-customers customers read:customers',
        'POST /customers create-customer customers write:customers',
        'GET /customers/{customerSlug} get-customer customers read:customers',
        'PUT /customers/{customerSlug} update-customer customers write:customers',
        'DELETE /customers/{customerSlug} delete-customer customers write:customers',
        'GET /instances getInstances instances read:instances',
        'POST /instances createInstance instances write:instances',
        'GET /instances/{instanceSlug} getInstance instances read:instances',
        'PUT /instances/{instanceSlug} updateInstance instances write:instances',
        'PATCH /instances/{instanceSlug} patchInstance instances write:instances',
        'DELETE /instances/{instanceSlug} deleteInstance instances write:instances',
        'GET /feature-flags get-feature-flags featureflags read:feature_flags',
        'POST /feature-flags create-feature-flag featureflags write:feature_flags',
        'GET /feature-flags/{featureFlagSlug} get-feature-flag featureflags read:feature_flags',
        'PUT /feature-flags/{featureFlagSlug} update-feature-flag featureflags write:feature_flags',
        'DELETE /feature-flags/{featureFlagSlug} delete-feature-flag featureflags write:feature_flags',
        'GET /feature-flags/targeting/context get-targeting-context featureflags read:feature_flags',
        'POST /feature-flags/targeting/lint lint-targeting-rule featureflags write:feature_flags',
        'POST /feature-flags/targeting/test test-targeting-rule featureflags write:feature_flags',
        'GET /service-accounts get-service-accounts service-accounts read:tokens',
        'POST /service-accounts create-service-account service-accounts write:tokens',
        'GET /service-accounts/{serviceAccountSlug} get-service-account service-accounts read:tokens',
        'PUT /service-accounts/{serviceAccountSlug} update-service-account service-accounts write:tokens',
        'GET /service-accounts/{serviceAccountSlug}/tokens get-service-account-tokens service-accounts read:tokens',
        'POST /service-accounts/{serviceAccountSlug}/tokens create-service-account-token service-accounts write:tokens',
        'DELETE /service-accounts/{serviceAccountSlug}/tokens/{tokenSlug} delete-service-account-token service-accounts write:tokens',
      ]),
    );
    expect(document.components.securitySchemes.bearerAuth).toMatchObject({
      type: 'http',
      'x-kaiten-scopes': GRANTED_SCOPES,
    });
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  it('describes every property and parameter', () => {
    const properties = Object.entries(document.components.schemas).flatMap(([schema, { properties: of = {} }]) =>
      Object.entries(of).map(([name, { description }]) => ({ where: `${schema}.${name}`, description })),
    );
    const parameters = operations.flatMap(({ name, operation }) =>
      operation.parameters.map((parameter) => ({
        where: `${name} ${parameter.name}`,
        description: parameter.description,
      })),
    );
    expect([...properties, ...parameters].filter(({ description }) => !description)).toEqual([]);
  });

  it('documents headers where answers have them', () => {
    for (const { operation } of operations) {
      for (const [status, { headers }] of Object.entries(operation.responses)) {
        const challenge = ['401', '403'].includes(status) ? ['WWW-Authenticate'] : [];
        const isTagged = TAGGED.includes(operation.operationId) && status < '400';
        expect(Object.keys(headers!)).toEqual([
          'X-Request-Id',
          ...(isTagged ? ['ETag'] : []),
          ...challenge,
          ...(['429', '503'].includes(status) ? ['Retry-After'] : []),
        ]);
      }
    }
  });
});

/** Operations whose answers have an ETag. */
const TAGGED = [
  ...['get-customer', 'update-customer', 'getInstance', 'updateInstance', 'patchInstance'],
  ...['get-feature-flag', 'update-feature-flag', 'evaluateFlagsBulk'],
];

describe('examples and schemas', () => {
  let validatorOf: (medium: MediaType) => ValidateFunction;
  const bodyOf = (operation: Operation): MediaType => operation.requestBody!.content!['application/json']!;
  const post = (path: string): MediaType => bodyOf(document.paths[path]!.post!);
  beforeAll(() => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'document', components: document.components });
    validatorOf = ({ schema }) => ajv.compile(schema.$ref ? { $ref: `document${schema.$ref}` } : (schema as object));
  });

  it('has an example of every request body and success answer, which fits its schema', () => {
    for (const { name, operation } of operations) {
      const media = [
        operation.requestBody,
        ...Object.entries(operation.responses)
          .filter(([status]) => status < '300')
          .map(([, answer]) => answer),
      ].flatMap((content) => Object.values(content?.content ?? {}));
      for (const medium of media) {
        const validate = validatorOf(medium);
        validate(medium.example);
        expect([name, validate.errors]).toEqual([name, null]);
      }
    }
  });

  it('has an example of every problem, named for its code', () => {
    for (const { operation } of operations) {
      for (const [status, { content, description }] of Object.entries(operation.responses).filter(
        ([code]) => code >= '400',
      )) {
        const own = content!['application/json'];
        // OFREP's own forms, which have their words in their schemas.
        if (own && operation.tags.includes('ofrep')) {
          expect(own.example).toMatchObject({ errorCode: expect.any(String) });
          continue;
        }
        const medium = content!['application/problem+json']!;
        const examples = Object.entries(medium.examples ?? {});
        expect(examples.length).toBeGreaterThan(0);
        for (const [name, example] of examples) {
          const value =
            '$ref' in example ? document.components.examples[example.$ref.split('/').pop()!]!.value : example.value;
          expect([value.code, value.status]).toEqual([name.split('-')[0], Number(status)]);
          expect(description).toContain(`\`${value.code}\``);
          expect(validatorOf(medium)(value)).toBe(true);
        }
      }
    }
  });

  it('has request examples that the API takes', async () => {
    const { api } = await anOrg();
    const created: string[] = [];
    for (const path of ['/customers', '/instances', '/feature-flags', '/service-accounts']) {
      if (path === '/instances') await api.post('/api/customers', { name: 'Tokyo', slug: 'sakura-tokyo' });
      const example = post(path).example as { slug: string };
      const answer = await api.post(`/api${path}`, { ...example, slug: `${example.slug}-example` });
      expect(answer.status).toBe(201);
      created.push(`${path}/${answer.body.slug as string}`);
    }
    const tokens = `${created.at(-1)}/tokens`;
    const scopes = { scopes: ['read:customers'] };
    expect(
      (
        await api.post(`/api${tokens}`, {
          ...(post('/service-accounts/{serviceAccountSlug}/tokens').example as object),
          ...scopes,
        })
      ).status,
    ).toBe(201);
    const patch = bodyOf(document.paths['/instances/{instanceSlug}']!.patch!).example;
    expect((await api.patch(`/api${created[1]}`, patch)).status).toBe(204);
  });

  it('requires of requests what the API requires, and takes an answer sent back', async () => {
    const { api } = await anOrg();
    const customer = await api.post('/api/customers', { name: 'Least' });
    const least = {
      '/customers': { name: 'A' },
      '/instances': { name: 'A', customerId: 'least' },
      '/feature-flags': SWITCH,
      '/service-accounts': { name: 'A' },
    };
    for (const [path, body] of Object.entries(least)) {
      const validate = validatorOf(post(path));
      const answer = await api.post(`/api${path}`, body);
      expect([path, validate(body), answer.status]).toEqual([path, true, 201]);
      expect([path, validate(answer.body)]).toEqual([path, true]);
      for (const key of Object.keys(body)) {
        const without = { ...body, [key]: undefined };
        const parsed = JSON.parse(JSON.stringify(without)) as object;
        expect([path, validate(parsed), (await api.post(`/api${path}`, parsed)).status]).toEqual([path, false, 422]);
      }
      expect([path, validate({ ...body, colour: 'pink' })]).toEqual([path, false]);
    }
    expect(validatorOf(bodyOf(document.paths['/customers/{customerSlug}']!.put!))(customer.body)).toBe(true);
  });
});

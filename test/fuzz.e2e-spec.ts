import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { GRANTED_SCOPES } from '../src/auth/scopes.js';
import { anonymous } from './support/api.js';
import type { Api, Answer } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import type { Schema } from './support/arbitraries.js';
import { fitting, hostileText, hostileValue } from './support/arbitraries.js';
import { STRATEGIES } from './support/flag-bodies.js';
import { fingerprint, serverErrors } from './support/no-trace.js';
import { mintedTokens } from './support/minted-tokens.js';
import { anOrg } from './support/organizations.js';
import { samplesOf } from './support/routes.js';

jest.setTimeout(30_000);
useApp();

const SECONDS = 18;

/** A piece of a request: a value, or the n-th of the resources of a kind that exist when the request is made. */
type Piece = { value: unknown } | { existing: string; pick: number };

interface Request {
  readonly method: string;
  readonly route: string;
  readonly path: readonly (readonly [string, Piece])[];
  readonly query: readonly (readonly [string, Piece])[];
  readonly body: readonly (readonly [string, Piece])[] | undefined;
  /** What becomes of the body's text. */
  readonly damage: 'none' | 'cut' | 'wrap' | 'repeat' | 'invert';
  readonly headers: Record<string, string>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const networks = fc
  .subarray(['10.0.0.0/8', '10.1.2.3', '127.0.0.0/8', '::/0', '2001:db8::/32'], { minLength: 1 })
  .map((value): Piece => ({ value }));

const someOf = (...values: unknown[]): fc.Arbitrary<Piece> => fc.constantFrom(...values).map((value) => ({ value }));

const VARIANT = { name: 'on', description: '' };

/** Fields of bodies and queries whose good values the document does not say: names of resources, scopes, networks, parts of flags. */
const GOOD_VALUES: Readonly<Record<string, () => fc.Arbitrary<Piece>>> = {
  customerId: () => reference('customerSlug'),
  scopes: () => fc.subarray([...GRANTED_SCOPES], { minLength: 1 }).map((value) => ({ value })),
  allowedCidrs: () => networks,
  requiredCidrs: () => networks,
  variants: () => someOf(...[true, 'a', 1, {}].map((value) => [{ ...VARIANT, value }])),
  default_variant: () => someOf({ type: 'basic', value: 'on' }, ...STRATEGIES),
  targetings: () => someOf([], null, ...STRATEGIES.map((strategy) => [{ ...strategy, name: 'a', rule: 'true' }])),
  rule: () => someOf('true', "plan == 'a'", '__kaiten.customer.slug == targetingKey', 'a.b', '(', '__kaiten.x'),
};

let api: Api;
/** Parameter of a path -> references that exist, or did: slugs and ids. Those of tokens go with the account of the same place. */
let existing: Map<string, string[]>;
const tokens: { account: string; token: string }[] = [];
/** Clients for `DELETE /api/me/token`, which is the end of each; the last goes on being refused. */
let expendable: Api[];
let requests: fc.Arbitrary<Request>;

beforeAll(async () => {
  const org = await anOrg();
  api = org.api;
  expendable = await Promise.all(Array.from({ length: 20 }, () => org.as('read:users')));
  existing = new Map(Object.entries(await samplesOf(org)).map(([parameter, { id, slug }]) => [parameter, [id, slug]]));
  const [account, token] = ['serviceAccountSlug', 'tokenSlug'].map((parameter) => existing.get(parameter)![0]!);
  tokens.push({ account: account!, token: token! });
  const document: Document = (await anonymous.get('/api/openapi.json')).body;
  requests = fc.oneof(...testApp().routes.map(({ method, path }) => requestTo(method, path, document)));
});

/** Requests to a route, made of what the document says of it and of what it does not. */
function requestTo(method: string, route: string, { servers, paths, components }: Document): fc.Arbitrary<Request> {
  const prefix = servers[0]!.url.replace(/\/$/, '');
  expect(route.startsWith(prefix)).toBe(true);
  const operation = paths[route.slice(prefix.length).replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${route} is not documented`);
  const { parameters = [], requestBody } = operation;
  const resolve = (schema: Schema): Schema =>
    schema.$ref ? resolve(components.schemas[schema.$ref.split('/').at(-1)!]!) : schema;
  const bodySchema = requestBody && resolve(requestBody.content['application/json']!.schema);
  const inPath = [...route.matchAll(/:(\w+)/g)].map(([, name]) => fc.tuple(fc.constant(name!), reference(name!)));
  return fc.record({
    method: fc.constant(method),
    route: fc.constant(route),
    path: fc.tuple(...inPath) as fc.Arbitrary<[string, Piece][]>,
    query: entries(
      Object.fromEntries(
        parameters.filter((parameter) => parameter.in === 'query').map(({ name, schema }) => [name, resolve(schema)]),
      ),
      [],
    ),
    body: bodySchema ? entries(bodySchema.properties ?? {}, bodySchema.required ?? []) : fc.constant(undefined),
    damage: fc.oneof(
      { weight: 20, arbitrary: fc.constant('none' as const) },
      fc.constantFrom('cut' as const, 'wrap' as const, 'repeat' as const, 'invert' as const),
    ),
    headers: fc.oneof(
      { weight: 20, arbitrary: fc.constant({}) },
      fc.constantFrom<Record<string, string>[]>(
        { 'Content-Type': 'text/plain' },
        { 'Content-Encoding': 'gzip' },
        { Accept: 'text/html' },
        { 'X-Request-Id': ' ' },
      ),
      fc.constantFrom<Record<string, string>[]>(
        { Authorization: 'Bearer ksh_' },
        { Range: 'bytes=0-1' },
        { 'If-None-Match': '*' },
        { 'Accept-Encoding': 'br' },
      ),
    ),
  });
}

function reference(kind: string): fc.Arbitrary<Piece> {
  const known = fc.record({ existing: fc.constant(kind), pick: fc.nat(1_000) });
  return fc.oneof(
    { weight: 3, arbitrary: known },
    hostileText.map((value): Piece => ({ value })),
  );
}

/** Members of a query or a body: those that it must have nearly always, the others now and then, unknown ones rarely. */
function entries(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): fc.Arbitrary<[string, Piece][]> {
  const member = ([name, schema]: [string, Schema]): fc.Arbitrary<[string, Piece][]> => {
    const good: fc.Arbitrary<Piece> = GOOD_VALUES[name]?.() ?? fitting(schema).map((value) => ({ value }));
    const piece = fc.oneof(
      { weight: 12, arbitrary: good },
      hostileValue.map((value): Piece => ({ value })),
    );
    const given = piece.map((value): [string, Piece][] => [[name, value]]);
    return fc.oneof(
      { weight: required.includes(name) ? 60 : 1, arbitrary: given },
      { weight: 3, arbitrary: fc.constant<[string, Piece][]>([]) },
    );
  };
  const writable = Object.entries(properties).filter(([, { readOnly }]) => !readOnly);
  const unknown = fc.tuple(
    fc.oneof(hostileText, fc.constantFrom(...Object.keys(properties), 'id')),
    hostileValue.map((value): Piece => ({ value })),
  );
  const extra = fc.oneof({ weight: 12, arbitrary: fc.constant([]) }, fc.array(unknown, { maxLength: 2 }));
  return fc.tuple(...writable.map(member), extra).map((members) => members.flat());
}

function resolvePiece(piece: Piece): unknown {
  if ('value' in piece) return piece.value;
  const candidates = existing.get(piece.existing)!;
  return candidates[piece.pick % candidates.length];
}

/** The path's parameters. A token exists below its own account only, so where both are to exist, they are a pair. */
function parametersOf(path: Request['path']): Map<string, string> {
  const values = new Map(path.map(([name, piece]) => [name, asText(piece)]));
  const token = path.find(([name]) => name === 'tokenSlug')?.[1];
  if (token && 'existing' in token && path.every(([, piece]) => 'existing' in piece)) {
    const pair = tokens[token.pick % tokens.length]!;
    values.set('serviceAccountSlug', pair.account).set('tokenSlug', pair.token);
  }
  return values;
}

const asText = (piece: Piece): string => {
  const value = resolvePiece(piece);
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
};

function send({ method, route, path, query, body, damage, headers }: Request): Promise<Answer> {
  const values = parametersOf(path);
  const target = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values.get(name)!));
  const search = query
    .map(([name, piece]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(asText(piece))}`)
    .join('&');
  const client = route !== '/api/me/token' ? api : expendable.length > 1 ? expendable.pop()! : expendable[0]!;
  return client.send(method, search ? `${target}?${search}` : target, {
    raw: body && damaged(textOf(body), damage),
    headers,
  });
}

/** Written by hand, because an object would lose a key that is given twice, and `__proto__`. */
const textOf = (members: readonly (readonly [string, Piece])[]): string =>
  `{${members.map(([name, piece]) => `${JSON.stringify(name)}:${JSON.stringify(resolvePiece(piece))}`).join()}}`;

function damaged(text: string, damage: Request['damage']): string | Buffer {
  if (damage === 'cut') return text.slice(0, Math.floor(text.length / 2));
  if (damage === 'wrap') return `[${text}]`;
  if (damage === 'repeat') return text + text;
  return damage === 'invert' ? Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x80)) : text;
}

/** Remembers what was created, so that later requests have something to hit. */
function remember({ route, path }: Request, { status, body }: Answer): void {
  if (status !== 201) return;
  if (/\/tokens(\/:tokenSlug\/rotate)?$/.test(route)) {
    tokens.push({ account: parametersOf(path).get('serviceAccountSlug')!, token: body.slug });
    mintedTokens.push(body.token);
    if (tokens.length > 12) tokens.shift();
    return;
  }
  const parameter = Object.entries({
    '/customers': 'customerSlug',
    '/instances': 'instanceSlug',
    '/feature-flags': 'featureFlagSlug',
    '/service-accounts': 'serviceAccountSlug',
  }).find(([ending]) => route.endsWith(ending))![1];
  existing.set(parameter, [...existing.get(parameter)!, body.id, body.slug].slice(-12));
}

describe('any request whatever', () => {
  it(
    `is answered as documented and without a 5xx (${SECONDS} s of them)`,
    async () => {
      const answers = new Map<string, Set<number>>();
      let count = 0;
      const property = fc.asyncProperty(requests, async (request) => {
        // The client holds the answer against the document.
        const answer = await send(request);
        if (answer.status >= 500) throw new Error(`${answer.status}: ${answer.text}`);
        remember(request, answer);
        const route = `${request.method} ${request.route}`;
        answers.set(route, (answers.get(route) ?? new Set()).add(answer.status));
        count++;
      });
      await fc.assert(property, {
        numRuns: 1_000_000,
        interruptAfterTimeLimit: SECONDS * 1000,
        markInterruptAsFailure: false,
      });

      expect(count).toBeGreaterThan(200);
      // The requests were worth something: every route was reached, most have granted something, and most have refused something.
      const routes = testApp().routes.map(({ method, path }) => `${method} ${path}`);
      expect([...answers.keys()].sort()).toEqual(routes.sort());
      const withStatus = (wanted: (status: number) => boolean): number =>
        [...answers.values()].filter((seen) => [...seen].some(wanted)).length;
      // A token is granted nothing of sessions.
      const granting = testApp().routes.filter(({ path }) => !path.startsWith('/api/session')).length;
      expect(withStatus((status) => status < 300)).toBeGreaterThan(granting * 0.75);
      expect(withStatus((status) => status >= 400)).toBeGreaterThan(routes.length * 0.75);
      expect(serverErrors()).toEqual([]);
    },
    (SECONDS + 30) * 1000,
  );

  it('leaves totals that agree with the rows, and lists that can be read', async () => {
    const { organization } = (await api.get('/api/me')).body;
    const prints = await fingerprint(organization.id);
    for (const table of ['customers', 'instances', 'feature_flags', 'service_accounts', 'tokens']) {
      expect([table, prints[`total of ${table}`]]).toEqual([table, prints[table]!.split(' ')[0]]);
    }
    for (const path of ['/api/customers', '/api/instances', '/api/feature-flags', '/api/service-accounts'])
      expect((await api.get(`${path}?limit=200`)).status).toBe(200);
  });
});

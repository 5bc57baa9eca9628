import { randomUUID } from 'node:crypto';
import type { Route } from '../../src/http/route-table.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';
import { ensurePerson } from '../../src/users/people.js';
import type { Api } from './api.js';
import { testApp } from './app.js';
import { SWITCH } from './flag-bodies.js';
import type { TestOrganization } from './organizations.js';

/** Something that a path can name. */
export interface Named {
  readonly id: string;
  readonly slug: string;
}

/** What the generated suites ask routes about: one of each resource of an organization. Parameter of a path -> resource. */
export type Samples = Readonly<Record<string, Named>>;

/** `GET /api/customers/:customerSlug`: how suites name routes, and what `BODIES` is keyed by. */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

export const parametersOf = ({ path }: Pick<Route, 'path'>): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

/** The path with its parameters filled in. @throws Error for one that is not given. */
export function fill(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for :${name} of ${path}`);
    return value;
  });
}

/** A valid body for every route that reads one. `own` is what the asking organization has, so that only the path is foreign. */
const BODIES: Readonly<Record<string, (own: Samples) => object>> = {
  'POST /api/customers': () => ({ name: 'New' }),
  'PUT /api/customers/:customerSlug': () => ({ name: 'Replaced' }),
  'POST /api/instances': ({ customerSlug }) => ({ name: 'New', customerId: customerSlug!.id }),
  'PUT /api/instances/:instanceSlug': ({ customerSlug }) => ({ name: 'Replaced', customerId: customerSlug!.id }),
  'PATCH /api/instances/:instanceSlug': () => ({ status: 'INCIDENT', lifecycleStage: 'CHURNED' }),
  'POST /api/feature-flags': () => SWITCH,
  'PUT /api/feature-flags/:featureFlagSlug': () => ({ ...SWITCH, name: 'Replaced' }),
  'POST /api/feature-flags/targeting/lint': () => ({ rule: 'beta' }),
  'POST /api/feature-flags/targeting/test': () => ({ rule: 'beta', context: { beta: true } }),
  'POST /api/service-accounts': () => ({ name: 'New' }),
  'PUT /api/service-accounts/:serviceAccountSlug': () => ({ name: 'Renamed' }),
  'POST /api/service-accounts/:serviceAccountSlug/tokens': () => ({
    name: `new ${randomUUID()}`,
    scopes: ['read:customers'],
  }),
  'POST /api/service-accounts/:serviceAccountSlug/tokens/:tokenSlug/rotate': () => ({ graceSeconds: 60 }),
  'POST /api/session': () => ({ secret: 'no-secret-at-all' }),
  'PUT /api/token-policy': () => ({ expiryRequired: false }),
  'POST /api/feature-flags/:featureFlagSlug/explain': () => ({ context: { targetingKey: 'user-1' }, variant: 'on' }),
  'POST /api/ofrep/v1/evaluate/flags': () => ({ context: { targetingKey: 'user-1' } }),
  'POST /api/ofrep/v1/evaluate/flags/:key': () => ({ context: { targetingKey: 'user-1' } }),
};

/** @throws Error for a route that needs one and is not listed: whoever adds a route adds its body here. */
export function bodyOf(route: Pick<Route, 'method' | 'path'>, own: Samples): object | undefined {
  if (!['POST', 'PUT', 'PATCH'].includes(route.method)) return undefined;
  const body = BODIES[nameOf(route)];
  if (!body) throw new Error(`${nameOf(route)} has no body in test/support/routes.ts`);
  return body(own);
}

/** Makes one of each resource for an organization, under slugs that no other organization has. */
export async function samplesOf(org: TestOrganization): Promise<Samples> {
  const { api } = org;
  const suffix = randomUUID().slice(0, 8);
  const customer = await made(api, '/api/customers', { name: 'Sample', slug: `customer-${suffix}` });
  const instance = await made(api, '/api/instances', {
    name: 'Sample',
    slug: `instance-${suffix}`,
    customerId: customer.id,
  });
  const flag = await made(api, '/api/feature-flags', { ...SWITCH, slug: `flag-${suffix}` });
  const account = await made(api, '/api/service-accounts', { name: 'Sample', slug: `account-${suffix}` });
  const token = await made(api, `/api/service-accounts/${account.id}/tokens`, {
    name: 'Sample',
    slug: `token-${suffix}`,
    scopes: ['read:*'],
  });
  return {
    customerSlug: customer,
    instanceSlug: instance,
    featureFlagSlug: flag,
    key: flag,
    serviceAccountSlug: account,
    tokenSlug: token,
    sessionId: await sessionOf(org),
  };
}

/** A session has no slug: its id stands for it. */
async function sessionOf({ org }: TestOrganization): Promise<Named> {
  const { dataSource } = testApp();
  const id = await runAsOrganization(org.id, async () => {
    const { id: userId } = await ensurePerson(dataSource, { name: 'Sample', newRole: 'viewer' });
    const [row] = await dataSource.query<{ id: string }[]>(
      `INSERT INTO sessions (user_id, hash, expires_at) VALUES ($1, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), now() + interval '1 day') RETURNING id`,
      [userId],
    );
    return row!.id;
  });
  return { id, slug: id };
}

async function made(api: Api, path: string, body: object): Promise<Named> {
  const answer = await api.post(path, body);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.text}`);
  const { id, slug } = answer.body as Named;
  return { id, slug };
}

/** A reference of the same kind and length that names nothing. */
export function missing(reference: string, named: Named): string {
  return reference === named.id ? randomUUID() : `${reference.slice(0, -8)}${randomUUID().slice(0, 8)}`;
}

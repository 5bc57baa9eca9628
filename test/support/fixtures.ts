import type { Route } from '../../src/http/route-table.js';
import { testApp } from './app.js';
import type { TestOrganization } from './organizations.js';
import type { Named, Samples } from './routes.js';
import { bodyOf, fill, parametersOf, samplesOf } from './routes.js';

/** One of each resource, to point requests at. */
export interface Fixtures {
  readonly samples: Samples;
  readonly customer: Named;
  /** The route's path with its parameters filled in; the last one by `reference`, if that is given. */
  path(route: string, reference?: string): string;
  /** A body that the route accepts. */
  body(route: Pick<Route, 'method' | 'path'>): object | undefined;
}

export async function makeFixtures(org: TestOrganization): Promise<Fixtures> {
  const samples = await samplesOf(org);
  const slugs = Object.fromEntries(Object.entries(samples).map(([parameter, { slug }]) => [parameter, slug]));
  return {
    samples,
    customer: samples.customerSlug!,
    path: (path, reference) =>
      fill(path, reference === undefined ? slugs : { ...slugs, [parametersOf({ path }).at(-1)!]: reference }),
    body: (route) => bodyOf(route, samples),
  };
}

/** Routes that take a body, without those of OFREP, which has forms of its own for what is wrong with one: see `test/ofrep`. */
export const bodyRoutes = (): Route[] =>
  testApp().routes.filter(
    ({ method, controller }) => ['POST', 'PUT', 'PATCH'].includes(method) && controller !== 'OfrepController',
  );

/** Those that can do without one. */
export const OPTIONAL_BODIES: readonly string[] = [
  'POST /api/service-accounts/:serviceAccountSlug/tokens/:tokenSlug/rotate',
];

/** Routes that answer a page of a list. */
export const listRoutes = (): Route[] =>
  testApp().routes.filter(({ method, handler }) => method === 'GET' && handler === 'list');

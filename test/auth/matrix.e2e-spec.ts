import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Global, Module, Post, SetMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from '../../src/auth/auth.module.js';
import { ACCESS, AnyPrincipal, Public, Scopes } from '../../src/auth/access.js';
import { GRANTED_SCOPES } from '../../src/auth/scopes.js';
import type { Role } from '../../src/auth/roles.js';
import { SessionAuthenticator } from '../../src/auth/session-authenticator.js';
import { TokenAuthenticator } from '../../src/auth/token-authenticator.js';
import { createLogger } from '../../src/config/logger.js';
import { ProblemFilter } from '../../src/http/problem.filter.js';
import { JsonAdapter } from '../../src/http/json-adapter.js';
import { requestContext, RequestLog } from '../../src/http/request-context.js';
import type { Route } from '../../src/http/route-table.js';
import { RouteTable } from '../../src/http/route-table.js';
import { RequestMetrics } from '../../src/metrics/request-metrics.js';
import { Api, anonymous } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { signedIn } from '../support/browser.js';
import { anOrg, mint } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { fill, nameOf, parametersOf } from '../support/routes.js';

useApp({ console: true });

let org: TestOrganization;
const apis = new Map<string, Api>();

beforeAll(async () => {
  org = await anOrg();
  for (const scope of GRANTED_SCOPES) apis.set(scope, await org.as(scope));
}, 30_000);

/** What each route needs, in the words of the contract: written down here and not read from the routes. */
const NEEDS: Readonly<Record<string, string>> = {
  'GET /api/customers': 'read:customers',
  'POST /api/customers': 'write:customers',
  'GET /api/customers/:customerSlug': 'read:customers',
  'PUT /api/customers/:customerSlug': 'write:customers',
  'DELETE /api/customers/:customerSlug': 'write:customers',
  'GET /api/instances': 'read:instances',
  'POST /api/instances': 'write:instances',
  'GET /api/instances/:instanceSlug': 'read:instances',
  'PUT /api/instances/:instanceSlug': 'write:instances',
  'PATCH /api/instances/:instanceSlug': 'write:instances',
  'DELETE /api/instances/:instanceSlug': 'write:instances',
  'GET /api/lifecycle-stages': 'read:instances',
  'GET /api/feature-flags': 'read:feature_flags',
  'POST /api/feature-flags': 'write:feature_flags',
  'GET /api/feature-flags/:featureFlagSlug': 'read:feature_flags',
  'PUT /api/feature-flags/:featureFlagSlug': 'write:feature_flags',
  'DELETE /api/feature-flags/:featureFlagSlug': 'write:feature_flags',
  'POST /api/feature-flags/:featureFlagSlug/explain': 'read:feature_flags',
  'GET /api/feature-flags/:featureFlagSlug/evaluations': 'read:feature_flags',
  'GET /api/feature-flags/targeting/context': 'read:feature_flags',
  'POST /api/feature-flags/targeting/lint': 'write:feature_flags',
  'POST /api/feature-flags/targeting/test': 'write:feature_flags',
  'POST /api/ofrep/v1/evaluate/flags': 'read:feature_flags',
  'POST /api/ofrep/v1/evaluate/flags/:key': 'read:feature_flags',
  'GET /api/openfeature/v0/manifest': 'read:feature_flags',
  'GET /api/ofrep/v1/events': 'a ticket',
  'GET /api/service-accounts': 'read:tokens',
  'POST /api/service-accounts': 'write:tokens',
  'GET /api/service-accounts/:serviceAccountSlug': 'read:tokens',
  'PUT /api/service-accounts/:serviceAccountSlug': 'write:tokens',
  'DELETE /api/service-accounts/:serviceAccountSlug': 'write:tokens',
  'GET /api/service-accounts/:serviceAccountSlug/tokens': 'read:tokens',
  'POST /api/service-accounts/:serviceAccountSlug/tokens': 'write:tokens',
  'GET /api/service-accounts/:serviceAccountSlug/tokens/:tokenSlug': 'read:tokens',
  'DELETE /api/service-accounts/:serviceAccountSlug/tokens/:tokenSlug': 'write:tokens',
  'POST /api/service-accounts/:serviceAccountSlug/tokens/:tokenSlug/rotate': 'write:tokens',
  'GET /api/tokens': 'read:tokens',
  'GET /api/token-policy': 'read:tokens',
  'PUT /api/token-policy': 'write:tokens',
  'GET /api/me': 'a principal',
  'DELETE /api/me/token': 'a principal',
  'POST /api/session': 'nothing',
  'GET /api/session': 'a session',
  'DELETE /api/session': 'a session',
  'GET /api/session/all': 'a session',
  'DELETE /api/session/others': 'a session',
  'DELETE /api/session/:sessionId': 'a session',
  'GET /api/healthz': 'nothing',
  'GET /api/readyz': 'nothing',
};

/** What is open to everybody as far as tokens go, and asks for something else. */
const needsTicket = (route: Route): boolean => NEEDS[nameOf(route)] === 'a ticket';

/** The scopes of which one is enough, spelled out: the scope, the one to write what it reads, and the wildcards. None is a session. */
function sufficient(need: string): string[] {
  if (need === 'a session') return [];
  if (need === 'a principal' || need === 'nothing') return [...GRANTED_SCOPES];
  const [action, module] = need.split(':');
  return action === 'read'
    ? [`read:${module}`, `write:${module}`, 'read:*', 'write:*']
    : [`write:${module}`, 'write:*'];
}

/** What people may, spelled out, who are that. */
const ROLES: Readonly<Record<Role, (need: string) => boolean>> = {
  owner: () => true,
  editor: (need) => !['write:tokens', 'write:organizations', 'write:users'].includes(need),
  viewer: (need) => !need.startsWith('write:'),
};

/** Asks in a way that does nothing: for what does not exist, with a body that fits no schema. */
function ask(api: Api, route: Route) {
  const path = fill(route.path, Object.fromEntries(parametersOf(route).map((name) => [name, 'does-not-exist'])));
  const body = ['POST', 'PUT', 'PATCH'].includes(route.method) ? { nobodyKnowsThis: true } : undefined;
  return api.send(route.method, path, { body });
}

/** What Express keeps of a route, or of a router within. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: Layer[] };
}

/** A node of `RouteTree`. */
interface Node {
  readonly literals: ReadonlyMap<string, Node>;
  readonly parameter?: Node;
  readonly routes: ReadonlyMap<string, { readonly path: string }>;
}

/** What would be served, as `GET /api/customers`: routes included that came there without a controller. */
function served(): string[] {
  const adapter = testApp().app.getHttpAdapter() as unknown as {
    tree: { root: Node };
    getInstance(): { router: { stack: Layer[] } };
  };
  const inExpress = (stack: readonly Layer[]): string[] =>
    stack.flatMap(({ route, handle }) => {
      if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`);
      return handle.stack ? inExpress(handle.stack) : [];
    });
  const inTree = ({ routes, literals, parameter }: Node): string[] => [
    ...[...routes].map(([method, { path }]) => `${method} ${path}`),
    ...[...literals.values(), ...(parameter ? [parameter] : [])].flatMap(inTree),
  ];
  return [...inExpress(adapter.getInstance().router.stack), ...inTree(adapter.tree.root)];
}

describe('every route', () => {
  it('is in the table above, with what it needs', () => {
    const access = testApp().routes.map((route) => {
      const { access } = route;
      return [
        nameOf(route),
        access?.kind === 'scope'
          ? access.scope
          : access?.kind === 'any'
            ? 'a principal'
            : access?.kind === 'session'
              ? 'a session'
              : access?.kind === 'public'
                ? needsTicket(route)
                  ? 'a ticket'
                  : 'nothing'
                : 'undeclared',
      ];
    });
    expect(Object.fromEntries(access)).toEqual(NEEDS);
  });

  it('is one that the route table knows, or documentation: nothing else is served, past the guard', () => {
    const unknown = served().filter((name) => !(name in NEEDS));
    // What Nest answers where it has no route.
    expect(unknown.filter((name) => !/^(GET|HEAD) \/api\/(docs|openapi)\b|^_ALL \*path$/.test(name))).toEqual([]);
    expect(served()).toEqual(expect.arrayContaining(Object.keys(NEEDS)));
  });

  it.each(GRANTED_SCOPES)('answers a token with %s exactly when it should', async (scope) => {
    for (const route of testApp().routes) {
      const need = NEEDS[nameOf(route)]!;
      if (needsTicket(route)) {
        expect((await ask(apis.get(scope)!, route)).body.code).toBe('FlagEvents.InvalidTicket');
        continue;
      }
      // Which ends the token that asks, so another one of the same scope asks.
      const isLast = nameOf(route) === 'DELETE /api/me/token';
      const { status, body, headers } = await ask(isLast ? await org.as(scope) : apis.get(scope)!, route);
      if (sufficient(need).includes(scope)) {
        // Allowed: it fails for what it asks, or it is a list, or the end of the token.
        const expected = isLast ? [204] : [200, 404, 422];
        expect([nameOf(route), expected.includes(status), status]).toEqual([nameOf(route), true, status]);
      } else if (need === 'a session') {
        expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 403, 'Session.Required']);
      } else {
        expect([nameOf(route), status, body.code, body.detail]).toEqual([
          nameOf(route),
          403,
          'Auth.MissingScope',
          `missing required scope: ${need}`,
        ]);
        expect(headers['www-authenticate']).toBe(`Bearer error="insufficient_scope", scope="${need}"`);
      }
    }
  });

  it.each(Object.entries(ROLES))('answers a person who is %s exactly when it should', async (role, may) => {
    const browser = await signedIn(org, { role: role as Role });
    for (const route of testApp().routes) {
      const need = NEEDS[nameOf(route)]!;
      // Which ends the session that asks.
      const isLast = nameOf(route) === 'DELETE /api/session';
      const { status, body } = await ask(isLast ? await signedIn(org, { role: role as Role }) : browser, route);
      if (may(need)) {
        if (needsTicket(route)) continue;
        expect([nameOf(route), [200, 204, 404, 422].includes(status), status]).toEqual([nameOf(route), true, status]);
      } else {
        expect([nameOf(route), status, body.code, body.detail]).toEqual([
          nameOf(route),
          403,
          'Auth.MissingScope',
          `missing required scope: ${need}`,
        ]);
      }
    }
    expect((await browser.get('/api/session')).body.role).toBe(role);
  });

  it('answers 401 without a token, unless it is public', async () => {
    for (const route of testApp().routes) {
      const { status, body, headers } = await ask(anonymous, route);
      if (NEEDS[nameOf(route)] === 'nothing') {
        // What asks for nothing is served, and what asks for a body is told that this is none.
        expect([nameOf(route), status]).toEqual([nameOf(route), route.method === 'GET' ? 200 : 422]);
        continue;
      }
      if (needsTicket(route)) {
        expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 401, 'FlagEvents.InvalidTicket']);
        continue;
      }
      expect([nameOf(route), status, body.code, body.detail]).toEqual([
        nameOf(route),
        401,
        'Auth.NoIdentity',
        'no identity found in context',
      ]);
      expect(headers['www-authenticate']).toBe('Bearer realm="kaiten"');
    }
  });

  it('answers 401 with a token that is none of ours, before it looks at anything else', async () => {
    for (const route of testApp().routes.filter((candidate) => NEEDS[nameOf(candidate)] !== 'nothing')) {
      const { status, body } = await ask(new Api('ksh_none'), route);
      const code = needsTicket(route) ? 'FlagEvents.InvalidTicket' : 'Auth.InvalidToken';
      expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 401, code]);
    }
  });

  it('adds up the scopes of a token that has several', async () => {
    const api = await org.as('read:customers', 'write:instances');
    const statuses = [];
    for (const path of ['customers', 'instances', 'service-accounts'])
      statuses.push((await api.get(`/api/${path}`)).status);
    for (const path of ['customers', 'instances']) statuses.push((await api.post(`/api/${path}`, {})).status);
    expect(statuses).toEqual([200, 200, 403, 403, 422]);
  });

  it.each(['HEAD', 'OPTIONS'])('answers %s without a token with no more than it says to everybody', async (method) => {
    for (const route of testApp().routes.filter(({ path }) => !path.endsWith('z'))) {
      const path = fill(route.path, Object.fromEntries(parametersOf(route).map((name) => [name, 'does-not-exist'])));
      const response = await fetch(testApp().url + path, { method });
      expect([nameOf(route), [401, 405].includes(response.status), response.status]).toEqual([
        nameOf(route),
        true,
        response.status,
      ]);
    }
  });
});

describe('a route that does not say who may use it', () => {
  @Controller()
  class CarelessController {
    @Get('undeclared')
    undeclared(): string {
      return 'reached';
    }

    @Post('undeclared')
    also(): string {
      return 'reached';
    }

    @Get('declared')
    @AnyPrincipal()
    declared(): string {
      return 'reached';
    }

    @Get('scoped')
    @Scopes('write:customers')
    scoped(): string {
      return 'reached';
    }

    @Get('open')
    @Public()
    open(): string {
      return 'reached';
    }
  }

  /** The class says something, its handler does not: that is not enough. */
  @Controller('class')
  @SetMetadata(ACCESS, { kind: 'public' })
  class ClassController {
    @Get()
    undeclared(): string {
      return 'reached';
    }
  }

  /** The guard of the application, with authenticators that ask the suite's. */
  @Global()
  @Module({
    providers: [
      { provide: TokenAuthenticator, useFactory: () => testApp().app.get(TokenAuthenticator) },
      { provide: SessionAuthenticator, useFactory: () => testApp().app.get(SessionAuthenticator) },
    ],
    exports: [TokenAuthenticator, SessionAuthenticator],
  })
  class BorrowedTokensModule {}

  @Module({ imports: [AuthModule, BorrowedTokensModule], controllers: [CarelessController, ClassController] })
  class CarelessModule {}

  it('is denied, whoever asks', async () => {
    const app = await NestFactory.create(CarelessModule, new JsonAdapter(), { logger: false });
    const logger = createLogger({ logLevel: 'silent' });
    app.use(requestContext(new RequestLog(logger, new RequestMetrics())));
    app.useGlobalFilters(new ProblemFilter(logger, () => RouteTable.of(app, '')));
    try {
      await app.listen(0, '127.0.0.1');
      const url = await app.getUrl();
      const token = await mint(org.org, org.account.id, ['write:*']);
      const ask = async (method: string, path: string, authorization?: string): Promise<number> =>
        (await fetch(`${url}/${path}`, { method, headers: authorization ? { authorization } : {} })).status;
      for (const path of ['undeclared', 'class']) {
        expect([path, await ask('GET', path, `Bearer ${token}`)]).toEqual([path, 403]);
        expect([path, await ask('GET', path)]).toEqual([path, 403]);
      }
      expect(await ask('POST', 'undeclared', `Bearer ${token}`)).toBe(403);
      // Its neighbours show that the module works.
      expect(await ask('GET', 'declared', `Bearer ${token}`)).toBe(200);
      expect(await ask('GET', 'scoped', `Bearer ${token}`)).toBe(200);
      expect(await ask('GET', 'declared')).toBe(401);
      expect(await ask('GET', 'open')).toBe(200);
    } finally {
      await app.close();
    }
  });
});

import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problem.js';
import {
  crossSite,
  invalidClaims,
  invalidScopes,
  invalidToken,
  missingClaims,
  missingScope,
  noIdentity,
  sessionEnded,
  sessionRequired,
  untrustedGateway,
} from './auth.errors.js';
import type { Scope } from './scopes.js';

/** Who may use a route. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'any' }
  | { readonly kind: 'session' }
  | { readonly kind: 'scope'; readonly scope: Scope };

/** Metadata key of a handler's `Access`. A handler without it is denied. */
export const ACCESS = 'kaiten:access';

/** How a route that needs a principal may refuse what it is given: a token, what a gateway made of one, or a session. */
const REFUSALS = [
  noIdentity(),
  invalidToken(),
  untrustedGateway(),
  missingClaims('sub'),
  invalidClaims('the principal has expired'),
  invalidScopes(),
  sessionEnded(),
  crossSite(),
];

/** Either a token or a session. OpenAPI 3.1 lets a requirement name roles for any kind of scheme. */
const Credentials = (...roles: string[]): MethodDecorator =>
  applyDecorators(ApiSecurity('bearerAuth', roles), ApiSecurity('sessionCookie', roles));

/** The route needs a principal that holds `scope`. */
export const Scopes = (scope: Scope): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'scope', scope } satisfies Access),
    Credentials(scope),
    ApiProblems(...REFUSALS, missingScope(scope)),
  );

/** The route needs a principal, whatever it holds. */
export const AnyPrincipal = (): MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'any' } satisfies Access), Credentials(), ApiProblems(...REFUSALS));

/** The route is for people who have signed in. */
export const SignedIn = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'session' } satisfies Access),
    ApiSecurity('sessionCookie'),
    ApiProblems(...REFUSALS, sessionRequired()),
  );

/** The route is for everybody. */
export const Public = (): MethodDecorator => applyDecorators(SetMetadata(ACCESS, { kind: 'public' } satisfies Access));

import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problem.js';
import {
  invalidClaims,
  invalidScopes,
  invalidToken,
  missingClaims,
  missingScope,
  noIdentity,
  untrustedGateway,
} from './auth.errors.js';
import type { Scope } from './scopes.js';

/** Who may use a route. */
export type Access =
  { readonly kind: 'public' } | { readonly kind: 'any' } | { readonly kind: 'scope'; readonly scope: Scope };

/** Metadata key of a handler's `Access`. A handler without it is denied. */
export const ACCESS = 'kaiten:access';

/** How a route that needs a principal may refuse what it is given: a token, or what a gateway made of one. */
const REFUSALS = [
  noIdentity(),
  invalidToken(),
  untrustedGateway(),
  missingClaims('sub'),
  invalidClaims('the principal has expired'),
  invalidScopes(),
];

/** The route needs a principal that holds `scope`. */
export const Scopes = (scope: Scope): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'scope', scope } satisfies Access),
    // OpenAPI 3.1 lets a requirement name roles for any kind of scheme.
    ApiSecurity('bearerAuth', [scope]),
    ApiProblems(...REFUSALS, missingScope(scope)),
  );

/** The route needs a principal, whatever it holds. */
export const AnyPrincipal = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'any' } satisfies Access),
    ApiSecurity('bearerAuth'),
    ApiProblems(...REFUSALS),
  );

/** The route is for everybody. */
export const Public = (): MethodDecorator => applyDecorators(SetMetadata(ACCESS, { kind: 'public' } satisfies Access));

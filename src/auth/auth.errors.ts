import { Problem } from '../http/problem.js';
import type { Scope } from './scopes.js';

const REALM = 'Bearer realm="kaiten"';

/** No credential was sent. RFC 6750 wants no error code in the challenge then. */
export const noIdentity = (): Problem =>
  new Problem(401, 'Auth.NoIdentity', 'no identity found in context', { headers: { 'WWW-Authenticate': REALM } });

/** A credential was sent and is none of ours; which of its parts is wrong is nobody's business. */
export const invalidToken = (): Problem =>
  new Problem(401, 'Auth.InvalidToken', 'the bearer token is not valid', {
    headers: {
      'WWW-Authenticate': `${REALM}, error="invalid_token", error_description="the bearer token is not valid"`,
    },
  });

export const missingScope = (scope: Scope): Problem =>
  new Problem(403, 'Auth.MissingScope', `missing required scope: ${scope}`, {
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });

/** A route without @Scopes, @AnyPrincipal or @Public: denied, whoever asks. */
export const undeclaredAccess = (): Problem =>
  new Problem(403, 'Auth.UndeclaredAccess', 'this route does not say who may use it');

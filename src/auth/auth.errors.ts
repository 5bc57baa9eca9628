import { Problem } from '../http/problem.js';
import type { Scope } from './scopes.js';

const REALM = 'Bearer realm="kaiten"';

/** No credential was sent. RFC 6750 wants no error code in the challenge then. */
export const noIdentity = (): Problem =>
  new Problem(401, 'Auth.NoIdentity', 'no identity found in context', { headers: { 'WWW-Authenticate': REALM } });

/** There is a session's cookie, but no session of it that goes on. */
export const sessionEnded = (): Problem =>
  new Problem(401, 'Auth.SessionEnded', 'the session has ended; sign in again', {
    headers: { 'WWW-Authenticate': REALM },
  });

/** A session's cookie comes along whoever has the browser send the request. Says how it is decided. */
export const crossSite = (): Problem =>
  new Problem(
    403,
    'Session.CrossSite',
    'the headers Origin and Sec-Fetch-Site must show that the request comes from the console at PUBLIC_URL',
  );

/** The route is about the session that asks, and it is a token that does. */
export const sessionRequired = (): Problem =>
  new Problem(403, 'Session.Required', 'only people who have signed in have a session; a token has none');

/** A bad credential's answer: 401 with RFC 6750's challenge. */
const refused = (code: string, detail: string): Problem =>
  new Problem(401, code, detail, {
    headers: { 'WWW-Authenticate': `${REALM}, error="invalid_token", error_description="${detail}"` },
  });

/** A credential was sent and is none of ours; which of its parts is wrong is nobody's business. */
export const invalidToken = (): Problem => refused('Auth.InvalidToken', 'the bearer token is not valid');

/** A principal that is not signed is worth what its sender is. Says which setting decides that, and not what it is set to. */
export const untrustedGateway = (): Problem =>
  refused(
    'Auth.UntrustedGateway',
    'principals that are not signed are taken only from the networks of GATEWAY_TRUSTED_CIDRS, and this connection is from none of them',
  );

/** @param name one of our own claims. */
export const missingClaims = (name: string): Problem =>
  refused('Auth.MissingClaims', `the principal lacks the claim ${name}`);

/** @param detail words of ours, nothing of the client's: they are repeated in a header. */
export const invalidClaims = (detail: string): Problem => refused('Auth.InvalidClaims', detail);

export const invalidScopes = (): Problem =>
  refused('Auth.InvalidScopes', 'the claim scopes must be a list of known scopes, each once, and not empty');

export const missingScope = (scope: Scope): Problem =>
  new Problem(403, 'Auth.MissingScope', `missing required scope: ${scope}`, {
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });

/** A route without @Scopes, @AnyPrincipal, @SignedIn or @Public: denied, whoever asks. */
export const undeclaredAccess = (): Problem =>
  new Problem(403, 'Auth.UndeclaredAccess', 'this route does not say who may use it');

import type { GrantedScope } from '../auth/scopes.js';
import type { ProblemDetail } from '../http/problem.js';
import { Problem } from '../http/problem.js';
import { notFound, slugTaken } from '../http/resource-problems.js';

export const tokenNotFound = notFound('Token', 'token');

/** The account went away while a token was minted for it. */
export const tokenHolderGone = (): Problem =>
  new Problem(404, 'ServiceAccount.NotFound', 'the service account has been deleted');

export const invalidScopes = (detail: string, errors: readonly ProblemDetail[]): Problem =>
  new Problem(400, 'Token.InvalidScopes', detail, { errors });

export const scopesExceedCaller = (scopes: readonly GrantedScope[]): Problem =>
  new Problem(403, 'CreateToken.ScopesExceedCaller', `you do not hold ${scopes.join(', ')} yourself`, {
    errors: scopes.map((scope) => ({ location: 'body.scopes', message: 'is not among your own scopes', value: scope })),
  });

export const expiryInPast = (expiresAt: Date): Problem =>
  new Problem(400, 'CreateToken.ExpiryInPast', 'a token must expire in the future, or never', {
    errors: [{ location: 'body.expiresAt', message: 'must lie in the future', value: expiresAt.toISOString() }],
  });

export const tokenNameTaken = (name: string): Problem =>
  new Problem(
    409,
    'CreateToken.NameTaken',
    `the service account has a token named ${name} already; revoke it or choose another name`,
  );

export const tokenSlugTaken = slugTaken('CreateToken', 'token of the service account');

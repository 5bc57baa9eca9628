import type { GrantedScope } from '../auth/scopes.js';
import type { ProblemDetail } from '../http/problem.js';
import { Problem } from '../http/problem.js';
import { notFound, slugTaken } from '../http/resource-problems.js';

/** What makes a token: the first part of the codes of what it refuses. */
export type Minting = 'CreateToken' | 'RotateToken';

export const tokenNotFound = notFound('Token', 'token');

/** The account went away while a token was minted for it. */
export const tokenHolderGone = (): Problem =>
  new Problem(404, 'ServiceAccount.NotFound', 'the service account has been deleted');

export const invalidScopes = (detail: string, errors: readonly ProblemDetail[]): Problem =>
  new Problem(400, 'Token.InvalidScopes', detail, { errors });

/** Scopes are part of a request where a token is created; a rotation takes over those of the old one. */
export const scopesExceedCaller = (minting: Minting, scopes: readonly GrantedScope[]): Problem =>
  new Problem(403, `${minting}.ScopesExceedCaller`, `you do not hold ${scopes.join(', ')} yourself`, {
    errors:
      minting === 'CreateToken'
        ? scopes.map((scope) => ({ location: 'body.scopes', message: 'is not among your own scopes', value: scope }))
        : undefined,
  });

export const expiryInPast = (minting: Minting, expiresAt: Date): Problem =>
  new Problem(400, `${minting}.ExpiryInPast`, 'a token must expire in the future, or never', {
    errors: [{ location: 'body.expiresAt', message: 'must lie in the future', value: expiresAt.toISOString() }],
  });

export const tokenNameTaken = (name: string): Problem =>
  new Problem(
    409,
    'CreateToken.NameTaken',
    `the service account has a token named ${name} already; revoke it, rotate it or choose another name`,
  );

export const tokenSlugTaken = slugTaken('CreateToken', 'token of the service account');

export const tokenNotLive = (): Problem =>
  new Problem(409, 'RotateToken.NotLive', 'the token is revoked or has expired; mint a new one instead');

export const tokenAlreadyReplaced = (): Problem =>
  new Problem(409, 'RotateToken.AlreadyReplaced', 'the token has been replaced already; rotate its successor instead');

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

/** @param exceeding null: the token could be used from anywhere. */
export function networksExceedCaller(minting: Minting, exceeding: readonly string[] | null): Problem {
  const location = 'body.allowedCidrs';
  const errors = exceeding?.map((value) => ({ location, message: 'is not within your own networks', value })) ?? [
    { location, message: 'must name networks within your own' },
  ];
  return new Problem(
    403,
    `${minting}.NetworksExceedCaller`,
    `your own token is limited to networks, and may not be used from ${exceeding?.join(', ') ?? 'just anywhere, as this one might'}`,
    { errors: minting === 'CreateToken' ? errors : undefined },
  );
}

export const expiryInPast = (minting: Minting, expiresAt: Date): Problem =>
  new Problem(400, `${minting}.ExpiryInPast`, 'a token must expire in the future, or never', {
    errors: [{ location: 'body.expiresAt', message: 'must lie in the future', value: expiresAt.toISOString() }],
  });

export const NAME_TAKEN = 'CreateToken.NameTaken';

export const tokenNameTaken = (name: string): Problem =>
  new Problem(
    409,
    NAME_TAKEN,
    `the service account has a token named ${name} already; revoke it, rotate it or choose another name`,
    { errors: [{ location: 'body.name', message: 'is taken', value: name }] },
  );

export const tokenSlugTaken = slugTaken('CreateToken', 'token of the service account');

export const tokenNotLive = (isRevoked: boolean): Problem =>
  new Problem(
    409,
    'RotateToken.NotLive',
    isRevoked
      ? 'the token is revoked; mint a new one instead'
      : 'the token has expired; mint a new one instead, under another name or after revoking this one, which still has its name',
  );

export const tokenAlreadyReplaced = (): Problem =>
  new Problem(409, 'RotateToken.AlreadyReplaced', 'the token has been replaced already; rotate its successor instead');

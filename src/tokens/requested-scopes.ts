import type { GrantedScope } from '../auth/scopes.js';
import { allows, isGrantedScope } from '../auth/scopes.js';
import type { Minting } from './tokens.errors.js';
import { invalidScopes, scopesExceedCaller } from './tokens.errors.js';

/**
 * The scopes that a new token is asked to carry, each once.
 *
 * @throws Problem 400 for none, or with one entry for each that is none of the catalogue.
 */
export function parseRequestedScopes(requested: readonly unknown[] | null | undefined): GrantedScope[] {
  const scopes = requested ?? [];
  const errors = scopes
    .map((scope, index) => ({ location: `body.scopes[${index}]`, message: 'is not a scope', value: scope }))
    .filter(({ value }) => !isGrantedScope(value));
  if (errors.length > 0) throw invalidScopes('some scopes do not exist', errors);
  if (scopes.length === 0) {
    throw invalidScopes('a token needs a scope', [
      { location: 'body.scopes', message: 'must name at least one scope' },
    ]);
  }
  return [...new Set(scopes)] as GrantedScope[];
}

/** @throws Problem 403 listing what the caller does not hold itself. */
export function assertWithin(
  requested: readonly GrantedScope[],
  held: readonly GrantedScope[],
  minting: Minting = 'CreateToken',
): void {
  const exceeding = requested.filter((scope) => !allows(held, scope));
  if (exceeding.length > 0) throw scopesExceedCaller(minting, exceeding);
}

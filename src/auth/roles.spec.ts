import { describe, expect, it } from '@jest/globals';
import { ROLES, scopesOf } from './roles.js';
import { allows, expandScopes, SCOPES } from './scopes.js';

describe('roles', () => {
  it('owner may do everything', () => expect(expandScopes(scopesOf('owner'))).toEqual(SCOPES));

  it('viewer may read everything, and write nothing', () =>
    expect(expandScopes(scopesOf('viewer'))).toEqual(SCOPES.filter((scope) => scope.startsWith('read:'))));

  it('editor may do everything but write who gets in', () => {
    const owners = ['write:tokens', 'write:organizations', 'write:users'];
    expect(expandScopes(scopesOf('editor'))).toEqual(SCOPES.filter((scope) => !owners.includes(scope)));
  });

  it('only owner may do what comes later: no other role has write:*', () =>
    expect(ROLES.filter((role) => allows(scopesOf(role), 'write:*'))).toEqual(['owner']));
});

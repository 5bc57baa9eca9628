import { describe, expect, it } from '@jest/globals';
import { allows, expandScopes, GRANTED_SCOPES, isGrantedScope, MODULES, SCOPES } from './scopes.js';

describe('scopes', () => {
  it('has a read and a write scope for each of the 14 modules, and two wildcards', () => {
    expect(MODULES).toHaveLength(14);
    expect(GRANTED_SCOPES).toHaveLength(30);
    expect(new Set(GRANTED_SCOPES).size).toBe(30);
  });

  it.each([
    [['read:customers'], 'read:customers', true],
    [['read:customers'], 'write:customers', false],
    [['read:customers'], 'read:instances', false],
    [['write:customers'], 'read:customers', true],
    [['write:customers'], 'write:customers', true],
    [['write:customers'], 'read:instances', false],
    [['read:*'], 'read:tokens', true],
    [['read:*'], 'write:tokens', false],
    [['read:*'], 'write:*', false],
    [['write:*'], 'write:tokens', true],
    [['write:*'], 'read:tokens', true],
    [['write:*'], 'read:*', true],
    [['write:customers'], 'read:*', false],
    [[], 'read:customers', false],
  ] as const)('%j allows %s: %s', (granted, required, expected) => {
    expect(allows(granted, required)).toBe(expected);
  });

  it('expands write:* to everything and read:* to everything that reads', () => {
    expect(expandScopes(['write:*'])).toEqual(SCOPES);
    expect(expandScopes(['read:*'])).toEqual(SCOPES.filter((scope) => scope.startsWith('read:')));
    expect(expandScopes(['write:tokens'])).toEqual(['read:tokens', 'write:tokens']);
  });

  it.each([
    'read:customers ',
    ' read:customers',
    'read: customers',
    'READ:customers',
    'read:customer',
    'delete:customers',
    'delete:*',
  ])('refuses %j', (text) => expect(isGrantedScope(text)).toBe(false));

  it.each([
    '*',
    '*:*',
    '*:customers',
    'read',
    'read:',
    ':customers',
    '',
    'read:feature-flags',
    'constructor',
    1,
    null,
    undefined,
    ['read:*'],
  ])('refuses %j', (value) => expect(isGrantedScope(value)).toBe(false));
});

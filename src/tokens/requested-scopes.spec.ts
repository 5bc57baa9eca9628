import { describe, expect, it } from '@jest/globals';
import type { GrantedScope } from '../auth/scopes.js';
import { GRANTED_SCOPES } from '../auth/scopes.js';
import { Problem } from '../http/problem.js';
import { assertWithin, parseRequestedScopes } from './requested-scopes.js';

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

describe('parseRequestedScopes', () => {
  it('takes every scope of the catalogue', () => {
    expect(parseRequestedScopes(GRANTED_SCOPES)).toEqual(GRANTED_SCOPES);
  });

  it('folds duplicates and keeps the order', () => {
    expect(parseRequestedScopes(['write:users', 'read:*', 'write:users'])).toEqual(['write:users', 'read:*']);
  });

  it.each([[[]], [null], [undefined]])('refuses %j: a token needs a scope', (requested) => {
    const { status, code, extras } = problemOf(() => parseRequestedScopes(requested));
    expect([status, code, extras.errors]).toEqual([
      400,
      'Token.InvalidScopes',
      [{ location: 'body.scopes', message: 'must name at least one scope' }],
    ]);
  });

  it('names each that does not exist with its place', () => {
    const { status, extras } = problemOf(() =>
      parseRequestedScopes(['read:*', 'read:all', 'write:*', ' read:users', 7]),
    );
    expect([status, extras.errors!.map(({ location, value }) => [location, value])]).toEqual([
      400,
      [
        ['body.scopes[1]', 'read:all'],
        ['body.scopes[3]', ' read:users'],
        ['body.scopes[4]', 7],
      ],
    ]);
  });
});

describe('assertWithin', () => {
  /** What a scope stands for, spelled out by its parts: another way to say what `allows` says. */
  const covers = (held: string, asked: string): boolean => {
    const [heldAction, heldModule] = held.split(':');
    const [askedAction, askedModule] = asked.split(':');
    const action = heldAction === 'write' || askedAction === 'read';
    // write:* is everything; another module’s write says nothing of `*`.
    const module = heldModule === '*' || heldModule === askedModule;
    return action && module;
  };

  it('lets each scope mint exactly those that it covers, of all pairs', () => {
    for (const held of GRANTED_SCOPES) {
      for (const asked of GRANTED_SCOPES) {
        const mint = (): void => assertWithin([asked], [held]);
        if (covers(held, asked)) expect(mint).not.toThrow();
        else expect([held, asked, problemOf(mint).code]).toEqual([held, asked, 'CreateToken.ScopesExceedCaller']);
      }
    }
  });

  it('does not take every module for all modules', () => {
    const every = GRANTED_SCOPES.filter((scope) => scope.startsWith('write:') && scope !== 'write:*');
    expect(problemOf(() => assertWithin(['write:*'], every)).status).toBe(403);
    expect(problemOf(() => assertWithin(['read:*'], every)).status).toBe(403);
  });

  it('names what is too much, and only that', () => {
    const asked: GrantedScope[] = ['read:users', 'write:users', 'read:*'];
    const { status, detail, extras } = problemOf(() => assertWithin(asked, ['read:users']));
    expect([status, detail, extras.errors!.map(({ value }) => value)]).toEqual([
      403,
      'you do not hold write:users, read:* yourself',
      ['write:users', 'read:*'],
    ]);
  });

  it('lets nobody mint anything without scopes of their own', () => {
    expect(problemOf(() => assertWithin(['read:users'], [])).status).toBe(403);
  });
});

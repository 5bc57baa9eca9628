import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { ACCESS, AnyPrincipal, Public, Scopes } from './access.js';
import { invalidToken, missingScope, noIdentity, undeclaredAccess } from './auth.errors.js';

class Sample {
  @Scopes('write:customers')
  scoped(): void {}

  @AnyPrincipal()
  any(): void {}

  @Public()
  open(): void {}

  bare(): void {}
}

const accessOf = (method: keyof Sample): unknown => Reflect.getMetadata(ACCESS, Sample.prototype[method]);

describe('access decorators', () => {
  it('say who may use a route, where the guard looks', () => {
    expect(accessOf('scoped')).toEqual({ kind: 'scope', scope: 'write:customers' });
    expect(accessOf('any')).toEqual({ kind: 'any' });
    expect(accessOf('open')).toEqual({ kind: 'public' });
    expect(accessOf('bare')).toBeUndefined();
  });
});

describe('refusals', () => {
  it('carry the challenges of RFC 6750', () => {
    const challenge = ({ status, code, extras }: ReturnType<typeof noIdentity>) => [
      status,
      code,
      extras.headers?.['WWW-Authenticate'],
    ];
    expect(challenge(noIdentity())).toEqual([401, 'Auth.NoIdentity', 'Bearer realm="kaiten"']);
    expect(challenge(invalidToken())).toEqual([
      401,
      'Auth.InvalidToken',
      'Bearer realm="kaiten", error="invalid_token", error_description="the bearer token is not valid"',
    ]);
    expect(challenge(missingScope('read:users'))).toEqual([
      403,
      'Auth.MissingScope',
      'Bearer error="insufficient_scope", scope="read:users"',
    ]);
    expect(challenge(undeclaredAccess())).toEqual([403, 'Auth.UndeclaredAccess', undefined]);
  });
});

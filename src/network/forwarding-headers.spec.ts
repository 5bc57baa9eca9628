import { describe, expect, it } from '@jest/globals';
import { forwardingHeaders } from './forwarding-headers.js';

const namesOf = (...names: string[]): string[] => forwardingHeaders(names.flatMap((name) => [name, 'X-Forwarded-For']));

describe('forwardingHeaders', () => {
  it.each([
    'X-Forwarded-For',
    'x_forwarded_for',
    'X.Forwarded.For',
    'XForwardedFor',
    'X!Forwarded~For',
    'Forwarded',
    'X-Forwarded-Proto',
    'X-Real-IP',
    'X-Client-Ip',
    'True-Client-IP',
    'CF-Connecting-IP',
    'Remote_Addr',
  ])('has %s', (name) => {
    expect(namesOf(name)).toEqual([name.toLowerCase()]);
  });

  it.each(['Accept', 'X-Request-Id', 'For', 'Client-Id', 'IP'])('does not have %s', (name) => {
    expect(namesOf(name)).toEqual([]);
  });

  it('has a name as often as it arrives, and looks at no value', () => {
    expect(namesOf('Host', 'X-Forwarded-For', 'Accept', 'x-forwarded-for')).toEqual([
      'x-forwarded-for',
      'x-forwarded-for',
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Arrival } from './client-address.js';
import { clientAddress } from './client-address.js';
import { Networks } from './networks.js';

const GATEWAYS = Networks.parse(['10.0.0.0/24', '2001:db8:1::/48']);

const arrival = (peer: string | undefined, ...rawHeaders: string[]): Arrival =>
  ({ socket: { remoteAddress: peer }, rawHeaders }) as Arrival;

describe('clientAddress', () => {
  it('is the peer, in its normal form', () => {
    expect(clientAddress(arrival('203.0.113.9'), GATEWAYS)).toBe('203.0.113.9');
    expect(clientAddress(arrival('::ffff:203.0.113.9'), GATEWAYS)).toBe('203.0.113.9');
  });

  it.each([
    ['X-Forwarded-For', '198.51.100.1'],
    ['x-forwarded-for', '10.0.0.1'],
    ['X_Forwarded_For', '198.51.100.1'],
    ['X-Real-IP', '198.51.100.1'],
    ['Forwarded', 'for=198.51.100.1'],
    ['X-Client-IP', '198.51.100.1'],
    ['True-Client-IP', '198.51.100.1'],
    ['CF-Connecting-IP', '198.51.100.1'],
    ['X-Forwarded', 'for=198.51.100.1'],
  ])('takes nothing from a stranger: %s', (name, value) => {
    expect(clientAddress(arrival('203.0.113.9', name, value), GATEWAYS)).toBe('203.0.113.9');
    expect(clientAddress(arrival('203.0.113.9', name, value), new Networks([]))).toBe('203.0.113.9');
  });

  it.each([
    ['X_Forwarded_For', '198.51.100.1'],
    ['X-Real-IP', '198.51.100.1'],
    ['Forwarded', 'for=198.51.100.1'],
    ['X-Forwarded-For ', '198.51.100.1'],
  ])('takes %j not even from a gateway, which may pass on what it does not know', (name, value) => {
    expect(clientAddress(arrival('10.0.0.7', name, value), GATEWAYS)).toBe('10.0.0.7');
  });

  it.each([
    ['one client', ['X-Forwarded-For', '198.51.100.1'], '198.51.100.1'],
    ['its IPv6 address', ['x-FORWARDED-for', '2001:DB8::1'], '2001:db8::1'],
    ['what the client claims, and the client', ['X-Forwarded-For', '1.1.1.1, 198.51.100.1'], '198.51.100.1'],
    ['a second gateway', ['X-Forwarded-For', '198.51.100.1, 10.0.0.9'], '198.51.100.1'],
    ['two headers', ['X-Forwarded-For', '1.1.1.1', 'Host', 'x', 'X-Forwarded-For', '198.51.100.1'], '198.51.100.1'],
    ['gateways only', ['X-Forwarded-For', '10.0.0.8, 2001:db8:1::5'], '10.0.0.8'],
    ['nothing', [], '10.0.0.7'],
  ])('takes from a gateway %s', (_, headers, expected) => {
    expect(clientAddress(arrival('10.0.0.7', ...headers), GATEWAYS)).toBe(expected);
    expect(clientAddress(arrival('::ffff:10.0.0.7', ...headers), GATEWAYS)).toBe(expected);
  });

  it.each([
    '',
    'unknown',
    '198.51.100.1:443',
    '198.51.100.1,',
    '"198.51.100.1"',
    '1.1.1.1, _hidden, 10.0.0.9',
    '0x1.1.1.1',
  ])('is not known when a gateway says %j', (value) => {
    expect(clientAddress(arrival('10.0.0.7', 'X-Forwarded-For', value), GATEWAYS)).toBeUndefined();
  });

  it('is not known when the socket is gone', () => {
    expect(clientAddress(arrival(undefined, 'X-Forwarded-For', '10.0.0.1'), GATEWAYS)).toBeUndefined();
  });
});

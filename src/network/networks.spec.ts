import { describe, expect, it } from '@jest/globals';
import { Networks, normalizeAddress, parseNetwork } from './networks.js';

describe('parseNetwork', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', 8],
    ['0.0.0.0/0', '0.0.0.0', 0],
    ['192.0.2.7', '192.0.2.7', 32],
    ['192.0.2.7/32', '192.0.2.7', 32],
    ['2001:db8::/32', '2001:db8::', 32],
    ['2001:DB8:0:0::/33', '2001:db8::', 33],
    ['::1', '::1', 128],
    ['::ffff:10.0.0.0/104', '10.0.0.0', 8],
    ['::ffff:192.0.2.7', '192.0.2.7', 32],
    ['::ffff:c000:207/128', '192.0.2.7', 32],
  ])('reads %s', (text, first, bits) => {
    const network = parseNetwork(text);
    expect([network.first.toString(), network.bits]).toEqual([first, bits]);
  });

  it.each([
    '',
    ' ',
    'localhost',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8 ',
    ' 10.0.0.0/8',
    '10.0.0.0/1e1',
    '10.0.0/8',
    '010.0.0.0/8',
    '0x0a.0.0.0/8',
    '167772160/8',
    '10.0.0.1/8',
    '10.128.0.0/8',
    '2001:db8::/129',
    '2001:db8::1/64',
    '2001:db8:::/32',
    '::ffff:10.0.0.0/95',
    '::ffff:10.0.0.1/104',
    '*',
    // Zones are of one machine; a network has none.
    '10.0.0.0%eth0/8',
    '1.2.3.4%<script>',
    'fe80::1%eth0',
    'fe80::%eth0/10',
    'fe80::/10%eth0',
  ])('refuses %j', (text) => expect(() => parseNetwork(text)).toThrow(/^must/));
});

describe('Networks', () => {
  const networks = Networks.parse(['10.1.0.0/16', '192.0.2.7', '2001:db8::/47', '203.0.113.128/25']);

  it.each([
    '10.1.0.0',
    '10.1.255.255',
    '192.0.2.7',
    '2001:db8:1:ffff::1',
    '203.0.113.128',
    '203.0.113.255',
    '::ffff:10.1.2.3',
  ])('have %s', (address) => expect(networks.contains(address)).toBe(true));

  it.each([
    '10.2.0.0',
    '10.0.255.255',
    '192.0.2.6',
    '2001:db8:2::1',
    '203.0.113.127',
    '::ffff:10.2.0.0',
    '::10.1.2.3',
    '::1',
  ])('do not have %s', (address) => expect(networks.contains(address)).toBe(false));

  it.each([
    undefined,
    '',
    'unknown',
    '10.1.2',
    '10.1.2.3:80',
    '[2001:db8::1]',
    '10.1.2.3, 10.1.2.4',
    '012.1.2.3',
    '_hidden',
    '10.1.2.3%eth0',
  ])('have nothing that is no address: %j', (address) => {
    expect(networks.contains(address)).toBe(false);
    expect(Networks.parse(['0.0.0.0/0', '::/0']).contains(address)).toBe(false);
  });

  it('without any have nobody', () => {
    expect(new Networks([]).contains('127.0.0.1')).toBe(false);
    expect(new Networks([]).isEmpty).toBe(true);
  });

  it('look at an address without its zone', () => {
    expect(Networks.parse(['fe80::/10']).contains('fe80::1%eth0')).toBe(true);
  });

  it.each([
    ['10.1.0.0/16', true],
    ['10.1.128.0/17', true],
    ['10.1.2.3', true],
    ['10.0.0.0/15', false],
    ['10.0.0.0/8', false],
    ['192.0.2.6/31', false],
    ['0.0.0.0/0', false],
    ['2001:db8:1::/48', true],
    ['2001:db8::/46', false],
    ['::ffff:10.1.0.0/112', true],
  ])('cover %s: %s', (text, expected) => expect(networks.covers(parseNetwork(text))).toBe(expected));
});

describe('normalizeAddress', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['10.0.0.1%x', undefined],
    ['1.2.3.4%<script>', undefined],
    ['nonsense', undefined],
    ['127.1', undefined],
    [undefined, undefined],
  ])('makes %s %s', (text, expected) => expect(normalizeAddress(text)).toBe(expected));
});

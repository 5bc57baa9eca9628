import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { generateToken, hashBytes, hashToken, isSameToken, isTokenShaped } from './token-format.js';

describe('token format', () => {
  it('is ksh_, 32 random characters and 6 of checksum', () => {
    const tokens = Array.from({ length: 1000 }, generateToken);
    for (const token of tokens) {
      expect(token).toMatch(/^ksh_[0-9A-Za-z]{38}$/);
      expect(isTokenShaped(token)).toBe(true);
    }
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('uses all of its alphabet, about evenly', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 2000; i++)
      for (const char of generateToken().slice(4, 36)) counts.set(char, (counts.get(char) ?? 0) + 1);
    expect(counts.size).toBe(62);
    // 64,000 draws of 62 characters: 1032 each, give or take 32; six sigmas are 200.
    for (const count of counts.values()) expect(Math.abs(count - 1032)).toBeLessThan(200);
  });

  it('refuses every single changed character', () => {
    const token = generateToken();
    for (let i = 0; i < token.length; i++) {
      for (const char of '0aZ') {
        const changed = token.slice(0, i) + char + token.slice(i + 1);
        expect(isTokenShaped(changed)).toBe(changed === token);
      }
    }
  });

  it.each([
    '',
    'ksh_',
    'KSH_',
    `ksh_${'0'.repeat(37)}`,
    `ksh_${'0'.repeat(39)}`,
    ` ${generateToken()}`,
    `${generateToken()}\n`,
    `${generateToken()}=`,
  ])('refuses %j', (text) => expect(isTokenShaped(text)).toBe(false));

  it('ends in the CRC-32 of the rest, as zlib has it, in base 62', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    for (const token of Array.from({ length: 1000 }, generateToken)) {
      const sum = [...token.slice(-6)].reduce((value, digit) => value * 62 + alphabet.indexOf(digit), 0);
      expect(sum).toBe(crc32(token.slice(0, -6)));
    }
  });

  it('keeps its checksum: a sample that is no credential, by any implementation', () => {
    // python3 -c 'import zlib; print(zlib.crc32(b"ksh_" + b"0" * 32))' says 2494936345 for the text without the checksum.
    expect(isTokenShaped(`ksh_${'0'.repeat(32)}2iqUun`)).toBe(true);
  });

  it('is compared whole: no single other character, nothing shorter, nothing longer is the same', () => {
    const token = generateToken();
    expect(isSameToken(token, `${token} `.slice(0, -1))).toBe(true);
    for (let i = 0; i < token.length; i++) {
      const changed = token.slice(0, i) + (token[i] === '0' ? '1' : '0') + token.slice(i + 1);
      expect([isSameToken(token, changed), isSameToken(changed, token)]).toEqual([false, false]);
    }
    for (const other of ['', token.slice(0, -1), `${token}0`, token.replace('k', '\u016b')]) {
      expect([isSameToken(token, other), isSameToken(other, token)]).toEqual([false, false]);
    }
    expect(isSameToken('', '')).toBe(false);
  });

  it('is stored as 32 bytes of SHA-256', () => {
    expect(hashBytes(hashToken('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

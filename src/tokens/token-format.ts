import { hash, randomInt } from 'node:crypto';

const PREFIX = 'ksh_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** log2(62^32) is 190 bits. */
const RANDOM_LENGTH = 32;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
const LENGTH = PREFIX.length + RANDOM_LENGTH + CHECKSUM_LENGTH;

/** The CRC-32 of zlib (RFC 1952, section 8), a byte at a time: what a byte does to the register. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1;
  return register;
});

/** Character code -> digit in base 62; -1 for what is none. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));

/**
 * A new token: `ksh_`, 32 random characters and a checksum of all before it, the layout that GitHub's tokens made usual. Secret
 * scanners match it exactly.
 */
export function generateToken(): string {
  const secret = PREFIX + Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return secret + checksum(secret);
}

/**
 * True when the text has a token's form and its checksum fits: a mistyped or invented one costs no query. Character by character, as
 * this is asked for all that a flood invents; a pattern would take twice as long, and Node's own crc32(), which takes bytes, as well.
 */
export function isTokenShaped(text: string): boolean {
  if (text.length !== LENGTH || !text.startsWith(PREFIX)) return false;
  let sum = 0;
  for (let i = PREFIX.length; i < LENGTH; i++) {
    const digit = DIGITS[text.charCodeAt(i)] ?? -1;
    if (digit < 0) return false;
    if (i >= LENGTH - CHECKSUM_LENGTH) sum = sum * 62 + digit;
  }
  return sum === crc32(text, LENGTH - CHECKSUM_LENGTH);
}

/**
 * What is stored of a token: its SHA-256. A token has far too many bits to be guessed, so a slow hash would protect nothing.
 *
 * @returns the 32 bytes as a text of as many characters (Latin-1): the smallest key of a map.
 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'binary');
}

/** Compares what is as long as a token, in a time that does not tell where they differ. */
export function isSameToken(a: string, b: string): boolean {
  if (a.length !== LENGTH || b.length !== LENGTH) return false;
  let difference = 0;
  for (let i = 0; i < LENGTH; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** A token's hash as the database has it. */
export const hashBytes = (hashed: string): Buffer => Buffer.from(hashed, 'latin1');

/** The CRC-32 (as in zlib) of the text in base 62, six digits, the most significant first. */
function checksum(text: string): string {
  let rest = crc32(text, text.length);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET[rest % 62]! + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** @param text in ASCII. @param length of it that counts. @returns 0 to 2^32 - 1. */
function crc32(text: string, length: number): number {
  let register = -1;
  for (let i = 0; i < length; i++) register = CRC_TABLE[(register ^ text.charCodeAt(i)) & 0xff]! ^ (register >>> 8);
  return ~register >>> 0;
}

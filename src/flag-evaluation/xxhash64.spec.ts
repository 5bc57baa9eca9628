import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import wabt from 'wabt';
import xxhash from 'xxhash-wasm';
import { ASSEMBLED, prefixOf, xxHash64, xxHash64Bucket } from './xxhash64.js';

describe('xxHash64', () => {
  it('is what its source says', async () => {
    const path = `${import.meta.dirname}/xxhash64.wat`;
    const assembled = (await wabt()).parseWat(path, readFileSync(path, 'utf8'));
    expect(Buffer.from(assembled.toBinary({}).buffer).toString('base64')).toBe(ASSEMBLED.replace(/\s/g, ''));
  });

  // As published with the implementations in C, Go and Python.
  it.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['asdf', 0x415872f599cea71en],
    ['xxhash', 0x32dd38952c4bc720n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
    ['Call me Ishmael. Some years ago--never mind how long precisely-', 0x02a2e85470d6fd96n],
  ])('of %j is %s', (text, hash) => {
    expect(xxHash64(prefixOf(''), text)).toBe(hash);
    expect(xxHash64(prefixOf(text), '')).toBe(hash);
    expect(xxHash64Bucket(prefixOf(text.slice(0, 3)), text.slice(3))).toBe(Number(hash % 10_000n));
  });

  it('is what another implementation says of any text, in whatever order they come', async () => {
    const { h64 } = await xxhash();
    const anyText = fc.string({ unit: 'binary', maxLength: 80 });
    const texts = fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(texts, (pairs) => {
        const again = [...pairs, ...pairs];
        // Halves of a pair of surrogates, one at the end of the prefix, are no characters yet.
        const hashes = again.map(([prefix, text]) => h64(prefix.toWellFormed() + text.toWellFormed()));
        expect(again.map(([prefix, text]) => xxHash64(prefixOf(prefix), text))).toEqual(hashes);
        const buckets = again.map(([prefix, text]) => xxHash64Bucket(prefixOf(prefix), text));
        expect(buckets).toEqual(hashes.map((hash) => Number(hash % 10_000n)));
      }),
      { numRuns: 200 },
    );
  });

  it('is that also where prefixes and texts have any length around those that are hashed at once', async () => {
    const { h64 } = await xxhash();
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2);
    for (let prefix = 0; prefix <= 66; prefix++) {
      const buckets = Array.from({ length: 67 }, (_, n) =>
        xxHash64Bucket(prefixOf(letters.slice(0, prefix)), letters.slice(0, n)),
      );
      const expected = buckets.map((_, n) => Number(h64(letters.slice(0, prefix) + letters.slice(0, n)) % 10_000n));
      expect(buckets).toEqual(expected);
    }
  });

  it('takes texts longer than its memory is', async () => {
    const { h64 } = await xxhash();
    for (const length of [60_000, 70_000, 1_000_000, 10]) {
      const text = '漢'.repeat(length);
      expect(xxHash64(prefixOf('prefix'), text)).toBe(h64(`prefix${text}`));
    }
  });

  it('takes prefixes of up to 4,096 bytes', async () => {
    const { h64 } = await xxhash();
    const prefix = 'é'.repeat(2048);
    expect(xxHash64(prefixOf(prefix), 'text')).toBe(h64(`${prefix}text`));
    expect(() => prefixOf(`${prefix}x`)).toThrow(RangeError);
  });
});

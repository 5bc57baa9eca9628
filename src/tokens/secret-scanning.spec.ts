import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { generateToken, isTokenShaped } from './token-format.js';

const text = readFileSync(join(import.meta.dirname, '../../docs/secret-scanning.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(text)![1]!;

/** The rows of the table of test vectors. */
const vectors = [...text.matchAll(/^\| `([^`]+)` +\| (\d*) +\| (yes|no) +\|/gm)].map(([, token, crc, verdict]) => ({
  token: token!,
  crc: crc === '' ? undefined : Number(crc),
  isToken: verdict === 'yes',
}));

describe('docs/secret-scanning.md', () => {
  const expression = new RegExp(block(''));
  const sample = block('js')
    .replace(/^import .*$/m, '')
    .replace('export ', '');
  // The document's own words, run.
  const isToken = new Function('crc32', `${sample}; return isToken;`)(crc32) as (candidate: string) => boolean;

  it('has vectors of both kinds, and is right about every one of them', () => {
    expect(vectors.filter((vector) => vector.isToken).length).toBeGreaterThanOrEqual(4);
    expect(vectors.filter((vector) => !vector.isToken).length).toBeGreaterThanOrEqual(7);
    for (const vector of vectors) {
      expect([vector.token, isTokenShaped(vector.token)]).toEqual([vector.token, vector.isToken]);
      expect([vector.token, isToken(vector.token)]).toEqual([vector.token, vector.isToken]);
      if (vector.crc !== undefined)
        expect([vector.token, crc32(vector.token.slice(0, 36))]).toEqual([vector.token, vector.crc]);
      if (vector.isToken) expect(vector.token).toMatch(new RegExp(`^${expression.source}$`));
    }
  });

  it('has an expression and a sample that find every token that is minted, also in a text', () => {
    const bounded = new RegExp(/`(\(\?<!.*?\))`\. The/.exec(text.replace(/\n/g, ' '))![1]!, 'g');
    for (let i = 0; i < 500; i++) {
      const token = generateToken();
      expect(isToken(token)).toBe(true);
      expect(expression.exec(`token=${token}`)![0]).toBe(token);
      expect(`"${token}", ${token}0, x${token}`.match(bounded)).toEqual([token]);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from './json.js';

const parse = (text: string): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__') && !text.includes('\\u0000') && !/\\ud[89a-f]/i.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', 'same key twice'],
    ['{"a":1,"\\u0061":2}', 'same key twice'],
    ['{"x":[{"a":{"b":1,"b":1}}]}', 'same key twice'],
    ['{"__proto__":{}}', '__proto__'],
    ['{"a":{"__proto__":1}}', '__proto__'],
    ['{"a":"\\u0000"}', 'NUL'],
    ['{"\\u0000":1}', 'NUL'],
    ['{"a":"\\ud800"}', 'surrogate'],
    ['{"a":[1e999]}', 'too large'],
    ['-1e400', 'too large'],
    ['{"a":', 'not valid JSON'],
    ['', 'not valid JSON'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'nested'],
  ])('refuses %s', (text, detail) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ status: 400, detail: expect.stringContaining(detail) }),
    );
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(expect.objectContaining({ status: 400 }));
  });

  it.each(['{"a:b":":"}', '{"a\\":":1,"b":"\\\\"}', '{"constructor":1,"toString":2}', '["::", {"a":{}}]'])(
    'accepts %s',
    (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseQuery } from './query.js';

describe('parseQuery', () => {
  it('reads what URLSearchParams reads, names that were given several times as lists', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 8 }), (pairs) => {
        const parameters = new URLSearchParams(pairs);
        const query = parseQuery(parameters.toString());
        expect(Object.keys(query).sort()).toEqual([...new Set(parameters.keys())].sort());
        for (const name of parameters.keys()) {
          const values = parameters.getAll(name);
          expect(query[name]).toEqual(values.length === 1 ? values[0] : values);
        }
      }),
    );
  });

  it('gives the same object for the same text, and none of its own for nothing', () => {
    expect(parseQuery('a=1')).toBe(parseQuery('a=1'));
    for (const nothing of ['', null, undefined]) expect(Object.keys(parseQuery(nothing))).toEqual([]);
  });

  it('has no prototype to be changed by', () => {
    expect(Object.getPrototypeOf(parseQuery('__proto__=1&a=2'))).toBeNull();
  });

  it('takes no longer for a name that is given ten thousand times', () => {
    const started = performance.now();
    expect(parseQuery('a&'.repeat(10_000)).a).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

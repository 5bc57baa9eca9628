import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Conditions } from './conditions.js';
import { searchTerm } from './search.js';

/** PostgreSQL's LIKE, for texts: % is anything, _ any one character, a backslash takes the next one literally. */
function like(text: string, pattern: string): boolean {
  let source = '';
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] === '%') source += '.*';
    else if (characters[i] === '_') source += '.';
    else {
      const literal = characters[i] === '\\' ? characters[++i] : characters[i];
      if (literal === undefined) throw new Error('LIKE pattern must not end with escape character');
      source += literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, 'su').test(text);
}

describe('searchTerm', () => {
  it('matches exactly the texts that contain it, whatever it is made of', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\\', '🌸', '.', '*'), maxLength: 6 });
    fc.assert(
      fc.property(texts, texts, (text, q) => {
        expect(like(text, searchTerm(q))).toBe(text.includes(q));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('Conditions', () => {
  it('numbers its parameters as they come', () => {
    const where = new Conditions();
    expect([where.empty, where.sql]).toEqual([true, '']);
    where.add((a) => `x = ${a}`, '1');
    where.add((a, b) => `(y, id) > (${a}, ${b})`, '2', '3');
    expect([where.sql, where.values]).toEqual(['WHERE x = $1 AND (y, id) > ($2, $3)', ['1', '2', '3']]);
    expect(where.empty).toBe(false);
  });

  it('a copy goes its own way', () => {
    const where = new Conditions();
    where.add((a) => `x = ${a}`, '1');
    const copy = where.copy();
    expect(copy.param('2')).toBe('$2');
    copy.add((a) => `y = ${a}`, '3');
    expect([copy.sql, copy.values]).toEqual(['WHERE x = $1 AND y = $3', ['1', '2', '3']]);
    expect([where.sql, where.values]).toEqual(['WHERE x = $1', ['1']]);
  });
});

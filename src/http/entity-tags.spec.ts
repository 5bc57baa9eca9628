import { describe, expect, it } from '@jest/globals';
import { entityTag, satisfiesIfMatch } from './entity-tags.js';

describe('satisfiesIfMatch', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, true],
    ['*', true],
    [' * ', true],
    ['"7"', true],
    ['"1", "7"', true],
    ['"1","7" , "8"', true],
    ['"a,b", "7"', true],
    ['W/"1", "7"', true],
    ['"8"', false],
    ['W/"7"', false],
    ['W/"7", "1"', false],
    ['7', false],
    ['"77"', false],
    ['', false],
    ['"*"', false],
  ])('%j', (header, expected) => {
    expect(satisfiesIfMatch(header, entityTag('7'))).toBe(expected);
  });
});

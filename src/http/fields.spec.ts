import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Domain,
  JsonDocument,
  QueryInteger,
  ReadOnly,
  Slug,
  Text,
  TextList,
  Timestamp,
  WholeNumber,
} from './fields.js';
import type { Problem, ProblemDetail } from './problem.js';
import { validateInput } from './validation.js';

class Sample {
  @Text(1, 5, { optional: true })
  text?: string;

  @Slug()
  slug?: string;

  @Domain({ optional: true })
  domain?: string;

  @Timestamp({ optional: true })
  at?: Date;

  @JsonDocument(20, { optional: true })
  document?: object;

  @TextList(2, { optional: true, nullable: true })
  list?: unknown[] | null;

  @QueryInteger(1, 200)
  integer?: number;

  @WholeNumber(0, 60, { optional: true })
  seconds?: number;

  @ReadOnly({ type: 'string' })
  id: string;
}

class Extended extends Sample {
  @Text(1, 5)
  more: string;
}

const read = (input: object): Sample => validateInput(Sample, input, 'body');

function errorsOf(input: object, dto: new () => object = Sample): readonly ProblemDetail[] {
  try {
    validateInput(dto, input, 'body');
    return [];
  } catch (error) {
    expect((error as Problem).status).toBe(422);
    return (error as Problem).extras.errors!;
  }
}

/** Locations of what is wrong, each once; none where nothing is. */
const refused = (input: object, dto?: new () => object): string[] => [
  ...new Set(errorsOf(input, dto).map(({ location }) => location)),
];

describe('Text', () => {
  it('counts characters, i.e. code points', () => {
    for (const text of ['x', '🌸🌸🌸🌸🌸', 'e\u0301xyz', ' a ']) expect(refused({ text })).toEqual([]);
    for (const text of [
      '',
      ' ',
      '\u3000',
      '123456',
      '🌸🌸🌸🌸🌸🌸',
      'a\ufe0fa\ufe0fa\ufe0f',
      'a\n',
      '\0',
      '\u007f',
      1,
      null,
      {},
      ['a'],
    ]) {
      expect(refused({ text })).toEqual(['body.text']);
    }
  });
});

describe('Slug and Domain', () => {
  it('accept what paths and DNS can have', () => {
    for (const slug of ['ab', 'a-b', '0--9', 'x'.repeat(100)]) expect(refused({ slug })).toEqual([]);
    for (const slug of [
      'a',
      '-a',
      'a-',
      'A1',
      'a_b',
      'ä1',
      'a\n',
      'x'.repeat(101),
      '123e4567-e89b-12d3-a456-426614174000',
    ]) {
      expect(refused({ slug })).toEqual(['body.slug']);
    }
    for (const domain of ['a.b', '_dmarc.a-b.example', `${'a'.repeat(248)}.test`])
      expect(refused({ domain })).toEqual([]);
    for (const domain of ['a', 'a.', '.a', 'A.b', 'a..b', 'a.b\n', `${'a'.repeat(249)}.test`])
      expect(refused({ domain })).toEqual(['body.domain']);
  });

  it('take no time for long ones', () => {
    const started = performance.now();
    for (const text of ['a.'.repeat(50_000), '-'.repeat(100_000), 'a'.repeat(100_000)])
      refused({ slug: text, domain: text, text });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('Timestamp', () => {
  it('reads every time of the years 1 to 9999, in any offset', () => {
    const offset = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    const range = {
      min: new Date('0001-01-03T00:00:00Z'),
      max: new Date('9999-12-29T23:59:59.999Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), offset, (date, [sign, hours, minutes]) => {
        const two = (value: number): string => String(value).padStart(2, '0');
        const local = new Date(date.getTime() + (sign === '+' ? 1 : -1) * (hours * 60 + minutes) * 60_000);
        const at = `${local.toISOString().slice(0, -1)}${sign}${two(hours)}:${two(minutes)}`;
        expect(read({ at }).at).toEqual(date);
      }),
    );
  });

  it('does not move on days and hours that do not exist', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 19 }),
        fc.integer({ min: 0, max: 39 }),
        (year, month, day) => {
          const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const parsed = new Date(`${date}T00:00:00Z`);
          const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
          expect(refused({ at: `${date}T12:00:00Z` })).toEqual(exists ? [] : ['body.at']);
        },
      ),
      { numRuns: 1_000 },
    );
    for (const time of ['24:00:00', '23:60:00', '23:59:60', '1:00:00', '12:00', '12:00:00.', '12:00:00,5']) {
      expect(refused({ at: `2027-01-01T${time}Z` })).toEqual(['body.at']);
    }
  });

  it.each([
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '0000-12-31T23:59:59-00:01',
    '2027-01-01',
    '1700000000',
    0,
    null,
    {},
    ['2027-01-01T00:00:00Z'],
  ])('refuses %j', (at) => expect(refused({ at })).toEqual(['body.at']));
});

describe('the rest', () => {
  it('keeps documents as they are, hostile names included, and measures them in bytes', () => {
    const document = JSON.parse('{"constructor":1}') as object;
    expect(read({ document }).document).toBe(document);
    expect(refused({ document: { a: 'x'.repeat(12) } })).toEqual([]);
    for (const wrong of [{ a: 'x'.repeat(13) }, { a: '東東東東東' }, [], 'x', 1, null])
      expect(refused({ document: wrong })).toEqual(['body.document']);
  });

  it('lists and integers', () => {
    for (const list of [null, [], [{}, 1]]) expect(refused({ list })).toEqual([]);
    for (const list of ['x', {}, [1, 2, 3]]) expect(refused({ list })).toEqual(['body.list']);
    expect(read({ integer: '200' }).integer).toBe(200);
    for (const integer of ['0', '201', '-1', '1e2', '0x1', ' 1', '1.0', '', '9'.repeat(20), null, {}, ['1']])
      expect(refused({ integer })).toEqual(['body.integer']);
  });

  it('whole numbers, of which one thing is wrong at the most', () => {
    for (const seconds of [0, 60]) expect(errorsOf({ seconds })).toEqual([]);
    for (const seconds of [-1, 61, 0.5, '60', 'soon', NaN, Infinity, null, [1], {}]) {
      const message = 'must be a whole number from 0 to 60';
      expect(errorsOf({ seconds })).toEqual([{ location: 'body.seconds', message, value: seconds }]);
    }
    expect(errorsOf({ integer: 'many' })).toHaveLength(1);
  });

  it('ignores what is read only', () => {
    expect(read({ id: 'x' }).id).toBeUndefined();
    expect(refused({ id: { constructor: 1 } })).toEqual([]);
  });

  it('knows its own fields and its ancestors’, and no others', () => {
    expect(refused({ more: 'x', text: 'y' }, Extended)).toEqual([]);
    expect(refused({ text: 'y' }, Extended)).toEqual(['body.more']);
    expect(refused({ more: 'x' })).toEqual(['body.more']);
    for (const name of [...Object.getOwnPropertyNames(Object.prototype), 'prototype', '', '0']) {
      const input = JSON.parse(`{${JSON.stringify(name)}:1}`) as object;
      expect(refused(input)).toEqual([`body.${name}`]);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

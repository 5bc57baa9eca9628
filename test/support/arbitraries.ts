import fc from 'fast-check';

/** A schema of the OpenAPI document, as far as it is used here. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
}

const WORDS = [
  ...[
    '',
    ' ',
    '\t',
    '\0',
    '\ud800',
    '\udc00x',
    '\ufffd',
    '\u200b',
    '\u202e',
    '%',
    '%00',
    '%ff',
    '_',
    '\\',
    '\\u0000',
    "'",
    '"',
    '`',
    '.',
    '..',
    '/',
    '//',
  ],
  ...[
    "' OR '1'='1",
    '; DROP TABLE customers; --',
    '$1',
    '${7*7}',
    '{{7*7}}',
    '<script>',
    '../../etc/passwd',
    '\r\nSet-Cookie: a=b',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'NaN',
    'true',
    '-0',
    '1e999',
    '0x10',
  ],
  ...[
    '00000000-0000-4000-8000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '0000-00-00T00:00:00Z',
    '9999-12-31T23:59:60Z',
    '+010000-01-01T00:00:00Z',
  ],
  ...[
    '🌸',
    'e\u0301',
    'İ',
    'ß',
    '東京',
    'ksh_',
    'read:*',
    'write:*',
    'x'.repeat(300),
    '🌸'.repeat(300),
    'a\ufe0f'.repeat(300),
    '{}',
    '[]',
    'a:b',
  ],
];

/** Texts that somebody somewhere has stumbled over, and any other. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 400 }) },
);

/** JSON values of the wrong kind, or with names that mean something to JavaScript. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      null,
      true,
      0,
      -1,
      1.5,
      1e21,
      1e308,
      5e-324,
      Number.MAX_SAFE_INTEGER,
      [],
      {},
      [[]],
      [null],
      [{}],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.dictionary(
      fc.constantFrom(...WORDS.filter((word) => word !== '__proto__')),
      fc.constantFrom(1, null, '', [], {}),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Values that fit a schema, mostly: its length and its pattern are kept, where it has one; what it only says in words is not. */
export function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['object']);
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum, max: schema.maximum });
    case 'array':
      return fc.array(schema.items ? fitting(schema.items) : hostileValue, { maxLength: 4 });
    case 'string':
      return text(schema);
    default:
      return fc.dictionary(
        hostileText.filter((key) => key !== '__proto__'),
        hostileValue,
        { maxKeys: 4 },
      );
  }
}

function text({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  const max = Math.min(maxLength, minLength + 60);
  if (pattern !== undefined)
    return fc.stringMatching(new RegExp(pattern)).filter(({ length }) => length >= minLength && length <= maxLength);
  return fc.oneof(fc.string({ minLength, maxLength: max }), fc.string({ unit: 'grapheme', minLength, maxLength: max }));
}

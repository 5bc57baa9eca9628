import { charge, pointsBefore, pointsOf, textOf } from './code-points.js';
import type { Operation } from './evaluation.js';
import { noOverload } from './evaluation.js';
import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { isList } from './values.js';
import type { Result, Value } from './values.js';

const OUT_OF_RANGE = new RuleFailure('the index is out of range');

/** A place in a text, from 0 to its size. */
function indexIn(size: number, index: Value): number | undefined {
  if (typeof index !== 'bigint' || index < 0n || index > BigInt(size)) return undefined;
  return Number(index);
}

type OfTexts = (meter: Meter, a: string, b: string) => Result;

function ofText(name: string, run: (meter: Meter, a: string) => Result): Operation {
  return (meter, a) => (typeof a === 'string' ? run(meter, a) : noOverload(name));
}

function ofTexts(name: string, run: OfTexts): Operation {
  return (meter, a, b) => {
    if (typeof a !== 'string' || typeof b !== 'string') return noOverload(name);
    charge(meter, a, b);
    return run(meter, a, b);
  };
}

function charAt(meter: Meter, text: Value, index: Value): Result {
  if (typeof text !== 'string') return noOverload('charAt');
  const points = pointsOf(meter, text);
  const at = indexIn(points.length, index);
  return at === undefined ? OUT_OF_RANGE : (points[at] ?? '');
}

function substring(meter: Meter, text: Value, from: Value, to?: Value): Result {
  if (typeof text !== 'string') return noOverload('substring');
  const points = pointsOf(meter, text);
  const start = indexIn(points.length, from);
  const end = to === undefined ? points.length : indexIn(points.length, to);
  if (start === undefined || end === undefined || end < start) return OUT_OF_RANGE;
  return textOf(points, start, end);
}

/** Searching may take as long as comparing at each place: `"aaaaab"` in `"aaaa..."`. */
function chargeSearch(meter: Meter, text: string, part: string): void {
  charge(meter, text, part);
  if (part.length > 1 && part.length <= text.length) meter.spend(Math.ceil((text.length * part.length) / 8));
}

function indexOf(meter: Meter, text: Value, part: Value, from?: Value): Result {
  if (typeof text !== 'string' || typeof part !== 'string') return noOverload('indexOf');
  chargeSearch(meter, text, part);
  if (from === undefined) return BigInt(pointsBefore(meter, text, text.indexOf(part)));
  const points = pointsOf(meter, text);
  const start = indexIn(points.length, from);
  if (start === undefined) return OUT_OF_RANGE;
  const skipped = textOf(points, 0, start).length;
  return BigInt(pointsBefore(meter, text, text.indexOf(part, skipped)));
}

function lastIndexOf(meter: Meter, text: Value, part: Value, from?: Value): Result {
  if (typeof text !== 'string' || typeof part !== 'string') return noOverload('lastIndexOf');
  chargeSearch(meter, text, part);
  if (from === undefined) return BigInt(pointsBefore(meter, text, text.lastIndexOf(part)));
  const points = pointsOf(meter, text);
  const start = indexIn(points.length, from);
  if (start === undefined) return OUT_OF_RANGE;
  const skipped = textOf(points, 0, start).length;
  return BigInt(pointsBefore(meter, text, text.lastIndexOf(part, skipped)));
}

/** At most so many replacements or parts; negative for all. */
function limitOf(limit: Value | undefined): number | undefined {
  if (limit === undefined) return Infinity;
  if (typeof limit !== 'bigint') return undefined;
  return limit < 0n ? Infinity : Number(limit);
}

function split(meter: Meter, text: Value, separator: Value, limit?: Value): Result {
  const most = limitOf(limit);
  if (typeof text !== 'string' || typeof separator !== 'string' || most === undefined) return noOverload('split');
  chargeSearch(meter, text, separator);
  if (most === 0) return [];
  if (separator === '') meter.spend(text.length);
  const parts = piecesOf(text, separator, most);
  meter.spend(2 * parts.length);
  return parts;
}

/** The last of at most `most` pieces is the rest of the text. */
function piecesOf(text: string, separator: string, most: number): readonly string[] {
  const pieces = separator === '' ? Array.from(text) : text.split(separator, Math.min(most, text.length + 1));
  if (pieces.length < most) return pieces;
  const first = pieces.slice(0, most - 1);
  const start = first.reduce((sum, piece) => sum + piece.length + separator.length, 0);
  return [...first, text.slice(start)];
}

function replace(meter: Meter, text: Value, part: Value, by: Value, limit?: Value): Result {
  const most = limitOf(limit);
  if (typeof text !== 'string' || typeof part !== 'string' || typeof by !== 'string' || most === undefined) {
    return noOverload('replace');
  }
  chargeSearch(meter, text, part);
  if (part === '') meter.spend(2 * text.length);
  const pieces = part === '' ? spread(text, most) : piecesOf(text, part, most + 1);
  meter.spend(2 * pieces.length + Math.ceil((text.length + by.length * pieces.length) / 8));
  return pieces.join(by);
}

/** An empty text is found before each character, and at the end. */
function spread(text: string, most: number): readonly string[] {
  if (most === 0) return [text];
  const pieces = piecesOf(text, '', most);
  return most > pieces.length ? ['', ...pieces, ''] : ['', ...pieces];
}

function join(meter: Meter, list: Value, separator?: Value): Result {
  const by = separator === undefined ? '' : separator;
  if (!isList(list) || typeof by !== 'string') return noOverload('join');
  let length = 0;
  for (const item of list) {
    if (typeof item !== 'string') return noOverload('join');
    length += item.length + by.length;
  }
  meter.spend(2 * list.length + Math.ceil(length / 8));
  return list.join(by);
}

function reverse(meter: Meter, text: Value): Result {
  if (typeof text !== 'string') return noOverload('reverse');
  meter.spend(text.length);
  return Array.from(text).reverse().join('');
}

/** White space of Unicode, as Go's `unicode.IsSpace` has it. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const NOT_SPACE = new RegExp(SPACE.replace('[', '[^'));

function trim(meter: Meter, text: string): string {
  charge(meter, text);
  let end = text.length;
  for (; end > 0 && !NOT_SPACE.test(text[end - 1]!); end--) meter.spend(4);
  let start = 0;
  for (; start < end && !NOT_SPACE.test(text[start]!); start++) meter.spend(4);
  return text.slice(start, end);
}

function mapLetters(meter: Meter, text: string, letters: RegExp, map: (letter: string) => string): string {
  meter.spend(2 * text.length);
  return text.replace(letters, map);
}

export const STRING_METHODS: Readonly<Record<string, Operation>> = {
  'contains/1': (meter, text, part) => {
    if (typeof text !== 'string' || typeof part !== 'string') return noOverload('contains');
    chargeSearch(meter, text, part);
    return text.includes(part);
  },
  'startsWith/1': ofTexts('startsWith', (_, text, part) => text.startsWith(part)),
  'endsWith/1': ofTexts('endsWith', (_, text, part) => text.endsWith(part)),
  'charAt/1': charAt,
  'substring/1': (meter, text, start) => substring(meter, text, start),
  'substring/2': substring,
  'indexOf/1': (meter, text, part) => indexOf(meter, text, part),
  'indexOf/2': indexOf,
  'lastIndexOf/1': (meter, text, part) => lastIndexOf(meter, text, part),
  'lastIndexOf/2': lastIndexOf,
  'split/1': (meter, text, separator) => split(meter, text, separator),
  'split/2': split,
  'replace/2': (meter, text, part, by) => replace(meter, text, part, by),
  'replace/3': replace,
  'join/0': (meter, list) => join(meter, list),
  'join/1': join,
  'reverse/0': reverse,
  'trim/0': ofText('trim', trim),
  'lowerAscii/0': ofText('lowerAscii', (meter, text) => mapLetters(meter, text, /[A-Z]+/g, (it) => it.toLowerCase())),
  'upperAscii/0': ofText('upperAscii', (meter, text) => mapLetters(meter, text, /[a-z]+/g, (it) => it.toUpperCase())),
};

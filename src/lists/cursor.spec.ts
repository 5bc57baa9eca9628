import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CursorCodec } from './cursor.js';

const codec = new CursorCodec(Buffer.alloc(32, 7));
const position = fc.record({ value: fc.string({ unit: 'binary' }), id: fc.uuid() });
const refusal = expect.objectContaining({ status: 400, code: 'BAD_REQUEST' });

describe('CursorCodec', () => {
  it('reads what it wrote, for the same binding', () => {
    fc.assert(
      fc.property(position, fc.string(), (where, binding) => {
        const cursor = codec.encode(where, binding);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(codec.decode(cursor, binding)).toEqual(where);
      }),
    );
  });

  it('refuses another binding and another key', () => {
    fc.assert(
      fc.property(position, fc.string(), fc.string(), (where, binding, other) => {
        fc.pre(binding !== other);
        const cursor = codec.encode(where, binding);
        expect(() => codec.decode(cursor, other)).toThrow(refusal);
        expect(() => new CursorCodec(Buffer.alloc(32, 8)).decode(cursor, binding)).toThrow(refusal);
      }),
    );
  });

  it('refuses any changed bit', () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.nat(7), (where, place, bit) => {
        const bytes = Buffer.from(codec.encode(where, 'list'), 'base64url');
        bytes[place % bytes.length]! ^= 1 << bit;
        expect(() => codec.decode(bytes.toString('base64url'), 'list')).toThrow(refusal);
      }),
    );
  });

  it('refuses whatever it did not write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) =>
        expect(() => codec.decode(text, 'list')).toThrow(refusal),
      ),
    );
    const cursor = codec.encode({ value: 'a', id: 'b' }, 'list');
    for (const text of [
      '',
      cursor.slice(0, 22),
      `${cursor}=`,
      ` ${cursor}`,
      `${cursor}\n`,
      cursor.slice(0, -1),
      `A${cursor}`,
    ]) {
      expect(() => codec.decode(text, 'list')).toThrow(refusal);
    }
  });

  it('does not show the position’s binding: lists with the same rows have cursors of the same length', () => {
    const where = { value: 'a', id: 'b' };
    expect(codec.encode(where, 'short')).toHaveLength(codec.encode(where, 'long'.repeat(100)).length);
    expect(codec.encode(where, 'short')).not.toBe(codec.encode(where, 'other'));
  });
});

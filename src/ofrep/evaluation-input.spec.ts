import { describe, expect, it } from '@jest/globals';
import { DEEPEST_CONTEXT, LARGEST_CONTEXT } from '../flag-evaluation/context-limits.js';
import { readInput } from './evaluation-input.js';

const read = (body: unknown) => readInput(Buffer.from(JSON.stringify(body)));
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

describe('readInput', () => {
  it('takes a context with its key, and ignores other members of the body', () => {
    const context = { targetingKey: 'user-1', plan: 'pro' };
    expect(read({ context, other: [1] })).toMatchObject({ context, targetingKey: 'user-1' });
  });

  it.each(['', '{}', ' {} ', '{"context":{}}'])('takes %j for an empty context', (text) => {
    expect(readInput(Buffer.from(text))).toEqual({ context: {}, targetingKey: undefined });
  });

  it("drops a caller's own facts, on the first level only", () => {
    const { context } = read({ context: { __kaiten: { instance: { slug: 'forged' } }, a: { __kaiten: 1 } } });
    expect(context).toEqual({ a: { __kaiten: 1 } });
  });

  it.each([
    ['nothing', ' '],
    ['half of an object', '{"context":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"context"'],
    ['bytes that are no UTF-8', Buffer.from('{"context":{"a":"\xff"}}', 'latin1')],
  ])('refuses %s as no body', (_, body) => {
    expect(() => readInput(Buffer.from(body))).toThrow(
      expect.objectContaining({ status: 400, errorCode: 'PARSE_ERROR' }),
    );
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'a'],
    ['a number', 1],
    ['a key that is a number', { targetingKey: 1 }],
    ['a key that is null', { targetingKey: null }],
    ['a key that is an object', { targetingKey: {} }],
    ['too many levels', nested(DEEPEST_CONTEXT + 1)],
    ['too many bytes', { a: 'x'.repeat(LARGEST_CONTEXT) }],
    ['too many bytes in fewer characters', { a: '東'.repeat(LARGEST_CONTEXT / 3) }],
  ])('refuses %s as a context', (_, context) => {
    expect(() => read({ context })).toThrow(expect.objectContaining({ status: 400, errorCode: 'INVALID_CONTEXT' }));
  });

  it('refuses levels beyond number', () => {
    const body = `{"context":{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`;
    expect(() => readInput(Buffer.from(body))).toThrow(expect.objectContaining({ errorCode: 'INVALID_CONTEXT' }));
  });

  it('takes the largest and the deepest context, whatever the rest of the body is', () => {
    const context = { a: 'x'.repeat(LARGEST_CONTEXT - 8) };
    expect(JSON.stringify(context)).toHaveLength(LARGEST_CONTEXT);
    expect(read({ context, other: 'x'.repeat(100_000) }).context).toEqual(context);
    expect(read({ context: nested(DEEPEST_CONTEXT) }).context).toEqual(nested(DEEPEST_CONTEXT));
  });

  it('keeps names of JavaScript as what they are: names', () => {
    const { context } = readInput(Buffer.from('{"context":{"__proto__":{"plan":"pro"},"constructor":1}}'));
    expect(Object.hasOwn(context, '__proto__')).toBe(true);
    expect(context.plan).toBeUndefined();
  });
});

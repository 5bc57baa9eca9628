import { expect, it } from '@jest/globals';
import { BodyMemory } from './body-memory.js';

it('gives what was given back again, and never twice', () => {
  const memory = new BodyMemory();
  const first = memory.take(100_000);
  const second = memory.take(100_000);
  expect(second.buffer).not.toBe(first.buffer);
  memory.giveBack(first);
  const third = memory.take(120_000);
  expect([third.length, third.buffer]).toEqual([120_000, first.buffer]);
  expect(memory.take(1).buffer).not.toBe(first.buffer);
  expect(memory.take(100_000).buffer).not.toBe(first.buffer);
});

it('makes more where what there is is too small', () => {
  const memory = new BodyMemory();
  const small = memory.take(20_000);
  memory.giveBack(small);
  expect(memory.take(100_000).buffer).not.toBe(small.buffer);
  expect(memory.take(20_000).buffer).toBe(small.buffer);
});

it('keeps no more than 8 MiB, and nothing small', () => {
  const memory = new BodyMemory();
  const bodies = Array.from({ length: 12 }, () => memory.take(1024 * 1024));
  for (const body of bodies) memory.giveBack(body);
  const known = new Set(bodies.map(({ buffer }) => buffer));
  const again = Array.from({ length: 12 }, () => memory.take(1024 * 1024));
  expect(again.filter(({ buffer }) => known.has(buffer))).toHaveLength(8);
  const small = memory.take(100);
  memory.giveBack(small);
  expect(memory.take(100_000).buffer).not.toBe(small.buffer);
});

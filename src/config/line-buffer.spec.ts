import { beforeEach, describe, expect, it } from '@jest/globals';
import { LineBuffer } from './line-buffer.js';

const SIZE = 64;

let pieces: string[];
let flushes: number;
let buffer: LineBuffer;

beforeEach(() => {
  pieces = [];
  flushes = 0;
  buffer = new LineBuffer(
    {
      write: (piece) => void pieces.push(piece.toString()),
      flushSync: () => void (flushes += 1),
    },
    SIZE,
  );
});

describe('LineBuffer', () => {
  it('collects lines until a piece is full, and passes each on once', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
    for (const line of lines) buffer.write(line);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every((piece) => piece.length <= SIZE)).toBe(true);
    buffer.flush();
    buffer.flush();
    expect(pieces.join('')).toBe(lines.join(''));
  });

  it('keeps characters whole that take several bytes', () => {
    const lines = ['é'.repeat(20), '漢字'.repeat(10), '😀'.repeat(10), 'a'];
    for (const line of lines) buffer.write(line);
    buffer.flush();
    expect(pieces.join('')).toBe(lines.join(''));
  });

  it('passes a line on by itself that is longer than a piece, after those before it', () => {
    const long = 'x'.repeat(10 * SIZE);
    buffer.write('before\n');
    buffer.write(long);
    buffer.write('after\n');
    buffer.flush();
    expect(pieces).toEqual(['before\n', long, 'after\n']);
  });

  it('does not touch again what it has passed on', () => {
    const kept: Buffer[] = [];
    const keeping = new LineBuffer({ write: (piece) => void kept.push(piece), flushSync: () => {} }, SIZE);
    keeping.write('first');
    keeping.flush();
    keeping.write('other');
    keeping.flush();
    expect(kept.map(String)).toEqual(['first', 'other']);
  });

  it('has everything written by the time that flushSync returns', () => {
    buffer.write('last\n');
    buffer.flushSync();
    expect(pieces).toEqual(['last\n']);
    expect(flushes).toBe(1);
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LogOutput } from './log-output.js';

/** What the place where the log goes does with the next write: how many bytes it takes at the most, or the error. */
let next: (number | string)[];
let taken: string;
let output: LogOutput;

beforeEach(() => {
  next = [];
  taken = '';
  output = new LogOutput((piece) => {
    const answer = next.length > 1 ? next.shift() : next[0];
    if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
    const count = Math.min(answer ?? piece.length, piece.length);
    taken += piece.toString('utf8', 0, count);
    return count;
  });
});

const write = (...pieces: string[]): void => pieces.forEach((piece) => output.write(Buffer.from(piece)));
const lossOf = (bytes: number) =>
  new RegExp(`^\\{"level":50,"time":"[^"]+","msg":"a part of the log is lost","bytes":${bytes}\\}\n$`);

describe('LogOutput', () => {
  it('has written a piece when write returns, in parts where it is taken in parts', () => {
    next = [3];
    write('first\n', 'second\n');
    expect(taken).toBe('first\nsecond\n');
  });

  it('keeps pieces in their order while nothing is taken, and goes on by itself', async () => {
    next = [3, 'EAGAIN'];
    write('first\n', 'second\n');
    next = ['EAGAIN', 2, 'EAGAIN', 100];
    write('third\n');
    expect(taken).toBe('fir');
    const all = 'first\nsecond\nthird\n';
    for (let waited = 0; waited < 10_000 && taken.length < all.length; waited += 20) await pause(20);
    await pause(20);
    expect(taken).toBe(all);
  });

  it('has everything written when flushSync returns, also what a reader takes late', () => {
    next = [3, 'EAGAIN'];
    write('first\n', 'second\n');
    next = ['EAGAIN', 'EAGAIN', 100];
    output.flushSync();
    expect(taken).toBe('first\nsecond\n');
  });

  it.each(['EAGAIN', 'EPIPE', 'ENOSPC', 'EIO', 'EBADF'])(
    'ends flushSync, and throws nothing, with %s at every write',
    (code) => {
      next = [code];
      write('first\n');
      const start = performance.now();
      output.flushSync();
      expect(performance.now() - start).toBeLessThan(3_000);
      expect(taken).toBe('');
    },
  );

  it('says how much is lost when there is place again', () => {
    next = ['ENOSPC'];
    write('first\n', 'second\n');
    next = [];
    write('third\n', 'fourth\n');
    const [line, ...rest] = taken.split(/(?<=\n)/);
    expect(line).toMatch(lossOf(13));
    expect(rest).toEqual(['third\n', 'fourth\n']);
  });

  it('begins a new line behind a piece that was cut', () => {
    next = [3, 'ENOSPC'];
    write('first\n');
    next = [];
    write('second\n');
    const [cut, line, ...rest] = taken.split(/(?<=\n)/);
    expect(cut).toBe('fir\n');
    expect(line).toMatch(lossOf(6));
    expect(rest).toEqual(['second\n']);
  });

  it('keeps 8 MiB for a reader that takes nothing, and loses what comes on top', () => {
    next = ['EAGAIN'];
    const piece = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    write(...Array.from({ length: 10 }, () => piece));
    next = [];
    output.flushSync();
    expect(taken === piece.repeat(8)).toBe(true);
    write('next\n');
    output.flushSync();
    const [line, ...rest] = taken.slice(8 * piece.length).split(/(?<=\n)/);
    expect(line).toMatch(lossOf(2 * piece.length));
    expect(rest).toEqual(['next\n']);
  });
});

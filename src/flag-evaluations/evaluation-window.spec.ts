import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '../http/problem.js';
import { evaluationWindow, MOST_STEPS, RETENTION } from './evaluation-window.js';
import type { WantedWindow } from './evaluation-window.js';

const NOW = new Date('2026-11-24T10:17:30Z');
const at = (text: string): Date => new Date(`2026-11-${text}Z`);

function window(wanted: WantedWindow): unknown {
  const { from, to, step, steps } = evaluationWindow(wanted, NOW);
  return [from.toISOString().slice(8, 16), to.toISOString().slice(8, 16), step, steps];
}

function refusal(wanted: WantedWindow): string[] {
  try {
    evaluationWindow(wanted, NOW);
  } catch (error) {
    return (error as Problem).extras.errors!.map(({ location, message }) => `${location} ${message}`);
  }
  throw new Error('was not refused');
}

describe('the window of evaluations', () => {
  it('is the last day in steps of five minutes, the present one included', () => {
    expect(window({})).toEqual(['23T10:15', '24T10:20', 300, 289]);
  });

  it('is made of whole steps, which begin at multiples of their length', () => {
    expect(window({ from: at('24T08:59:59'), to: at('24T10:00:01'), step: 3_600 })).toEqual([
      '24T08:00',
      '24T11:00',
      3_600,
      3,
    ]);
    expect(window({ from: at('24T09:00:00'), to: at('24T10:00:00'), step: 3_600 })).toEqual([
      '24T09:00',
      '24T10:00',
      3_600,
      1,
    ]);
  });

  it('is the day before `to`, where only that is given', () => {
    expect(window({ to: at('20T12:00:00') })).toEqual(['19T12:00', '20T12:00', 300, 288]);
  });

  it('has longer steps the longer it is, where none is given', () => {
    const step = (days: number): number => evaluationWindow({ from: new Date(+NOW - days * 86_400_000) }, NOW).step;
    expect([0.1, 1, 3, 7, 12, 20, 30].map(step)).toEqual([300, 300, 900, 3_600, 3_600, 21_600, 21_600]);
  });

  it('ends now, and begins 30 days ago at the earliest', () => {
    expect(window({ from: new Date(0), to: new Date('2099-01-01T00:00:00Z'), step: 86_400 })).toEqual([
      '25T00:00',
      '25T00:00',
      86_400,
      31,
    ]);
  });

  it.each<[string, WantedWindow, string[]]>([
    ['a step that is no multiple', { step: 301 }, ['query.step must be a multiple of 300']],
    [
      'an end before the beginning',
      { from: at('24T10:00:00'), to: at('24T09:00:00') },
      ['query.from must be before `to`'],
    ],
    ['an empty span', { from: at('24T10:00:00'), to: at('24T10:00:00') }, ['query.from must be before `to`']],
    ['a beginning that is ahead', { from: at('24T10:17:30') }, ['query.from must be in the past']],
    ['what has been deleted', { to: new Date(+NOW - RETENTION) }, ['query.to must be within the last 30 days']],
    [
      'too many steps',
      { from: at('20T00:00:00'), step: 300 },
      ['query.step must be longer: between `from` and `to` there are 1276 steps, and 1000 at most are answered'],
    ],
  ])('is refused for %s', (_, wanted, errors) => {
    expect(refusal(wanted)).toEqual(errors);
  });

  it('covers what was asked for as far as there are counts, with as few steps as that takes, or is refused', () => {
    const time = fc.option(
      fc.integer({ min: -40 * 86_400, max: 2 * 86_400 }).map((seconds) => new Date(+NOW + seconds * 1_000)),
      { nil: undefined },
    );
    const step = fc.option(
      fc.integer({ min: 1, max: 288 }).map((n) => n * 300),
      { nil: undefined },
    );
    fc.assert(
      fc.property(time, time, step, (from, to, wanted) => {
        let found;
        try {
          found = evaluationWindow({ from, to, step: wanted }, NOW);
        } catch (error) {
          expect((error as Problem).status).toBe(422);
          return;
        }
        const length = found.step * 1_000;
        expect(found.steps).toBeGreaterThan(0);
        expect(found.steps).toBeLessThanOrEqual(MOST_STEPS);
        expect(+found.to - +found.from).toBe(found.steps * length);
        expect(+found.from % length).toBe(0);
        const begin = Math.max(+(from ?? +found.from), +NOW - RETENTION);
        const end = Math.min(+(to ?? NOW), +NOW);
        expect(+found.from).toBeLessThanOrEqual(begin);
        expect(begin - +found.from).toBeLessThan(length);
        expect(+found.to).toBeGreaterThanOrEqual(end);
        expect(+found.to - end).toBeLessThan(length);
      }),
      { numRuns: 500 },
    );
  });
});

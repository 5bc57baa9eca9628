import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { Targeting } from '../flag-evaluation/definition.js';
import type { StrategyDto } from './dto/strategy.dto.js';
import type { TargetingDto } from './dto/targeting.dto.js';
import { predecessors, showStrategy, showTargeting, storeStrategy, storeTargeting } from './stored-strategies.js';

const IDS = {
  byName: new Map([
    ['on', '1'],
    ['off', '2'],
  ]),
  order: ['2', '1'],
};
const NAMES = new Map([
  ['1', { name: 'on' }],
  ['2', { name: 'off' }],
]);
const step = (variant: string, percentage: number, date: string) => ({ variant, percentage, date: new Date(date) });

const STRATEGIES: StrategyDto[] = [
  { type: 'basic', value: 'on' },
  {
    type: 'rollout_date',
    start: step('off', 0, '2026-01-01T00:00:00Z'),
    end: step('on', 50, '2026-02-01T00:00:00.5Z'),
  },
  { type: 'rollout_percentage', distribution: { on: 1, off: 3 } },
];

describe('strategies', () => {
  it('are stored with ids, times as text and buckets in the kept order', () => {
    expect(STRATEGIES.map((strategy) => storeStrategy(strategy, IDS))).toEqual([
      { type: 'basic', variant: '1' },
      {
        type: 'rollout_date',
        start: { variant: '2', percentage: 0, date: '2026-01-01T00:00:00.000Z' },
        end: { variant: '1', percentage: 50, date: '2026-02-01T00:00:00.500Z' },
      },
      {
        type: 'rollout_percentage',
        distribution: { 1: 1, 2: 3 },
        allocation: [
          ['2', 7_500],
          ['1', 2_500],
        ],
      },
    ]);
  });

  it('come back as they were, those of targetings too', () => {
    for (const strategy of STRATEGIES) {
      expect(showStrategy(storeStrategy(strategy, IDS), NAMES)).toEqual(strategy);
      const { value: variant, ...rest } = strategy as { value?: string };
      const targeting = { name: 'one', rule: 'true', ...rest, ...(variant && { variant }) } as TargetingDto;
      expect(showTargeting(storeTargeting(targeting, IDS), NAMES)).toEqual(targeting);
    }
  });

  it('are laid out with regard to what they replace, if that has shares as well', () => {
    const grown = { type: 'rollout_percentage', distribution: { on: 1, off: 1 } } as const;
    const allocationAfter = (previous?: StrategyDto): unknown => {
      const stored = storeStrategy(grown, IDS, previous && storeStrategy(previous, IDS));
      return stored.type === 'rollout_percentage' && stored.allocation;
    };
    const anew = [
      ['2', 5_000],
      ['1', 5_000],
    ];
    expect(allocationAfter()).toEqual(anew);
    expect(allocationAfter(STRATEGIES[0])).toEqual(anew);
    // The one that shrinks gives up its last buckets, wherever the other one begins.
    const reversed = { ...IDS, order: ['1', '2'] };
    const previous = storeStrategy({ type: 'rollout_percentage', distribution: { on: 1, off: 3 } }, reversed);
    expect(storeStrategy(grown, IDS, previous)).toMatchObject({
      allocation: [
        ['1', 2_500],
        ['2', 5_000],
        ['1', 2_500],
      ],
    });
  });
});

describe('predecessors', () => {
  const targeting = (name: string): Targeting => ({ type: 'basic', name, rule: 'true', variant: '1' });
  const previous = ['a', 'b', 'c'].map(targeting);

  it.each<[string[], (string | undefined)[]]>([
    [
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ],
    [
      ['c', 'a', 'b'],
      ['c', 'a', 'b'],
    ],
    [
      ['a', 'x', 'c'],
      ['a', 'b', 'c'],
    ],
    [
      ['x', 'a'],
      [undefined, 'a'],
    ],
    [
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', undefined],
    ],
    [
      ['b', 'x'],
      ['b', undefined],
    ],
    [[], []],
  ])('%j', (names, expected) => {
    const found = predecessors(
      names.map((name) => ({ name })),
      previous,
    );
    expect(found.map((one) => one?.name)).toEqual(expected);
  });
});

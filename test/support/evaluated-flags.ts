import { Frame } from '../../src/cel/evaluation.js';
import { Meter } from '../../src/cel/meter.js';
import { allocate } from '../../src/flag-evaluation/allocation.js';
import { REQUEST_BUDGET } from '../../src/flag-evaluation/budgets.js';
import { compileFlag } from '../../src/flag-evaluation/compiled-flag.js';
import type { CompiledFlag } from '../../src/flag-evaluation/compiled-flag.js';
import type { FlagDefinition, PercentageRollout, Strategy, Targeting } from '../../src/flag-evaluation/definition.js';
import type { EvaluationRequest } from '../../src/flag-evaluation/evaluation.js';

/** Variants a, b and c of value A, B and C; a flag's default is a. */
export const VARIANTS = ['a', 'b', 'c'].map((id) => ({
  id,
  name: `name of ${id}`,
  description: '',
  value: id.toUpperCase(),
}));

export function aDefinition(overrides: Partial<FlagDefinition> = {}): FlagDefinition {
  return {
    id: '0b0e1a44-6f0e-4d6a-8a5e-000000000001',
    slug: 'checkout',
    salt: 'checkout',
    type: 'string',
    enabled: true,
    metadata: {},
    variants: VARIANTS,
    defaultVariant: basic('a'),
    targetings: [],
    version: '1',
    ...overrides,
  };
}

export const aFlag = (overrides: Partial<FlagDefinition> = {}): CompiledFlag => compileFlag(aDefinition(overrides));

export const basic = (variant: string): Strategy => ({ type: 'basic', variant });

export const percentage = (distribution: Record<string, number>): PercentageRollout => ({
  type: 'rollout_percentage',
  distribution,
  allocation: allocate(
    VARIANTS.map(({ id }) => id),
    distribution,
  ),
});

/** From a at the first date to b at the second. */
export const dates = (start: string, end: string, startPercentage = 0, endPercentage = 100): Strategy => ({
  type: 'rollout_date',
  start: { variant: 'a', percentage: startPercentage, date: start },
  end: { variant: 'b', percentage: endPercentage, date: end },
});

export const targeting = (rule: string, strategy: Strategy, name = `if ${rule}`): Targeting => ({
  ...strategy,
  name,
  rule,
});

/** A request, with the parts of its frame beside what else it has. */
export type RequestParts = Omit<EvaluationRequest, 'frame'> & Pick<Frame, 'context' | 'facts' | 'meter'>;

export function aRequest({
  context = {},
  facts = {},
  meter = new Meter(REQUEST_BUDGET),
  ...rest
}: Partial<RequestParts> = {}): EvaluationRequest {
  const frame = new Frame(context, facts, meter);
  return { frame, targetingKey: 'user-1', now: Date.parse('2026-06-01T00:00:00Z'), ...rest };
}

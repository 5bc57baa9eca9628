import { LRUCache } from 'lru-cache';
import type { Operand } from './operand.js';

/** A condition that stands in a chain, compiled as if it were a rule of its own: its failures have places in its own text. */
export interface SharedCondition {
  readonly operand: Operand;
  readonly cost: number;
  readonly readsFacts: boolean;
}

/** How many are remembered. Those that rules are made of are kept by the rules. */
const MOST = 10_000;

/**
 * Conditions by their text. The rules of an organization are made of much the same conditions; compiled once for all of them, they stay in the
 * processor's caches, without which a rule takes several times as long as its conditions do.
 */
export const sharedConditions = new LRUCache<string, SharedCondition>({ max: MOST });

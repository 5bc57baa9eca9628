import { LRUCache } from 'lru-cache';
import { copyOf } from './copy-of.js';
import type { Operand } from './operand.js';
import type { Rule } from './rule.js';

/**
 * What is kept of conditions, of rules and of attributes, each, in characters: some 20 MB with what is made of ordinary ones, and 80 of
 * the dearest.
 */
export const MOST_CHARACTERS = 200_000;
/** What each counts besides its text. */
const OVERHEAD = 30;

/** A condition that stands in a chain, compiled as if it were a rule of its own: its failures have places in its own text. */
export interface SharedCondition {
  readonly operand: Operand;
  readonly cost: number;
  readonly readsFacts: boolean;
}

/**
 * What was compiled, by its text. The rules of an organization are much the same, and made of much the same conditions; compiled once for all
 * of them, they stay in the processor's caches, without which a rule takes several times as long as its conditions do. What is forgotten here is
 * kept by the flags and rules that have it.
 */
export class SharedTexts<T extends object> {
  readonly #kept = new LRUCache<string, T>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_, text) => text.length + OVERHEAD,
  });

  /** How many characters are kept. */
  get characters(): number {
    return this.#kept.calculatedSize;
  }

  find(text: string): T | undefined {
    return this.#kept.get(text);
  }

  keep(text: string, compiled: T): void {
    this.#kept.set(copyOf(text), compiled);
  }
}

export const sharedConditions = new SharedTexts<SharedCondition>();
export const sharedRules = new SharedTexts<Rule>();

import { LRUCache } from 'lru-cache';
import type { Operand } from './operand.js';
import type { Rule } from './rule.js';

/**
 * Characters of texts that are kept compiled, in each of the two: some 20 MB with what is made of ordinary ones, and 50 MB of the dearest, which
 * take 235 bytes a character.
 */
export const MOST_CHARACTERS = 200_000;

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
    sizeCalculation: (_, text) => text.length,
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

/** A piece of a text keeps all of it in memory. */
const copyOf = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

export const sharedConditions = new SharedTexts<SharedCondition>();
export const sharedRules = new SharedTexts<Rule>();

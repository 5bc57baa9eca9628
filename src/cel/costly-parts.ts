import { compilePattern } from './regex.js';
import type { Pattern } from './regex.js';
import { programSize } from './regex-size.js';
import { RuleFailure } from './rule-failure.js';
import { findZone } from './time-fields.js';
import type { Zone } from './time-fields.js';

/** Instructions that all patterns of a rule may have: each takes some 4 us to compile, and 100 bytes. */
export const MOST_INSTRUCTIONS = 2_000;
/** What a pattern counts besides its instructions. */
const PATTERN = 20;

/** Each takes up to 500 us to look up, and 90 KB where nothing else has used it. */
export const MOST_ZONES = 8;

/** The patterns and time zones that one rule names. They take time and memory to make, long before the rule runs, so there are only so many. */
export class CostlyParts {
  readonly #patterns = new Map<string, Pattern | RuleFailure>();
  readonly #zones = new Set<string>();
  #instructions = 0;

  /** How often any was asked for. */
  count = 0;

  /** The same object for the same pattern. */
  pattern(source: string): Pattern | RuleFailure {
    this.count++;
    const known = this.#patterns.get(source);
    if (known) return known;
    this.#instructions += PATTERN + programSize(source);
    const isTooMuch = this.#patterns.size > 0 && this.#instructions > MOST_INSTRUCTIONS;
    const pattern = isTooMuch
      ? new RuleFailure('the patterns of the rule are too large together')
      : compilePattern(source);
    this.#patterns.set(source, pattern);
    return pattern;
  }

  zone(name: string): Zone | RuleFailure {
    this.count++;
    this.#zones.add(name);
    return this.#zones.size > MOST_ZONES
      ? new RuleFailure(`a rule names at most ${MOST_ZONES} time zones`)
      : findZone(name);
  }
}

import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import type { Meter } from './meter.js';
import { programSize } from './regex-size.js';
import { RuleFailure } from './rule-failure.js';
import type { Result, Value } from './values.js';

/**
 * Regular expressions of RE2, matched in time linear in the text. JavaScript's own backtrack: `(a+)+$` takes forever on thirty characters.
 */
export interface Pattern {
  /** Instructions of the program. */
  size: number;
  test(text: string): boolean;
}

export const LONGEST_PATTERN = 1_000;
/**
 * Up to this size, and within the limit of a rule, texts are matched by backtracking that visits no instruction twice at a character. The
 * automaton that `test` builds is faster as a rule, but takes fifty times as long on texts that are made for it, and up to 8 MB for each pattern.
 */
export const LARGEST_PROGRAM = 500;

/** What compiling a pattern costs, and compiling each instruction of it. */
const COMPILATION = 3_000;
const INSTRUCTION = 200;

/** Patterns that data holds and that were used last. What they cost does not depend on whether they are here. */
const patterns = new LRUCache<string, Pattern | RuleFailure>({ max: 100 });

export function compilePattern(source: string): Pattern | RuleFailure {
  if (source.length > LONGEST_PATTERN) return new RuleFailure(`a pattern has at most ${LONGEST_PATTERN} characters`);
  if (programSize(source) > LARGEST_PROGRAM) return new RuleFailure('the pattern repeats too much');
  try {
    const regex = RE2JS.compile(source);
    return { size: regex.programSize(), test: (text) => regex.matcher(text).find() };
  } catch (error) {
    return new RuleFailure(`the pattern is not valid: ${(error as Error).message.slice(0, 200)}`);
  }
}

export function matchPattern(meter: Meter, text: Value, pattern: Pattern): Result {
  if (typeof text !== 'string') return new RuleFailure('matches does not take these types');
  meter.spend(100 + pattern.size * text.length);
  return pattern.test(text);
}

/** For a pattern that is not known before. */
export function matches(meter: Meter, text: Value, source: Value): Result {
  if (typeof source !== 'string') return new RuleFailure('matches does not take these types');
  if (source.length > LONGEST_PATTERN) return new RuleFailure(`a pattern has at most ${LONGEST_PATTERN} characters`);
  meter.spend(COMPILATION + INSTRUCTION * Math.min(programSize(source), LARGEST_PROGRAM));
  let pattern = patterns.get(source);
  if (!pattern) patterns.set(source, (pattern = compilePattern(source)));
  return pattern instanceof RuleFailure ? pattern : matchPattern(meter, text, pattern);
}

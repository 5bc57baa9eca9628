import { MOST_INSTRUCTIONS } from './costly-parts.js';
import { LARGEST_PROGRAM, LONGEST_PATTERN } from './regex.js';
import { programSize } from './regex-size.js';

const TEXT = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/gs;

/** About how many instructions the patterns of a rule have, from its text: any of its texts may be one. None where nothing is matched. */
export function patternInstructions(rule: string): number {
  if (!rule.includes('matches')) return 0;
  let sum = 0;
  for (const [text] of rule.matchAll(TEXT)) {
    const pattern = text.slice(1, -1).replaceAll('\\\\', '\\').slice(0, LONGEST_PATTERN);
    sum += Math.min(programSize(pattern), LARGEST_PROGRAM);
    if (sum > MOST_INSTRUCTIONS) return MOST_INSTRUCTIONS;
  }
  return sum;
}

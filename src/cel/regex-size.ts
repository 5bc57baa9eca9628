/** `{2}`, `{2,}`, `{2,5}`. */
const REPETITION = /\{(\d{1,4})(?:(,)(\d{0,4}))?\}/y;

/** Classes of Unicode: hundreds of ranges each. */
const LARGE_CLASS = /\\[pP]/g;

/** What one of them counts. */
const CLASS = 200;

const CASELESS = /\(\?[a-zA-Z]*i/;

const RANGE = /(\\x\{[0-9a-f]+\}|\\x[0-9a-f]{2}|\\?.)-(\\x\{[0-9a-f]+\}|\\x[0-9a-f]{2}|\\?.)/gisu;

/** So many characters of a range count as one instruction where cases are disregarded: each is looked up in a table. */
const FOLDED = 50;

/**
 * About how many instructions a pattern of RE2 compiles to, from its text: repetitions repeat instructions, and nested ones multiply. To be known
 * before it is compiled, since `((a{30}){30}){30}` takes seconds and gigabytes to.
 */
export function programSize(pattern: string): number {
  const caseless = CASELESS.test(pattern);
  const groups: number[] = [];
  let total = 0;
  let atom = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    REPETITION.lastIndex = i;
    const repetition = char === '{' ? REPETITION.exec(pattern) : null;
    if (repetition) {
      const times = Math.max(Number(repetition[1]) + (repetition[2] ? 1 : 0), Number(repetition[3] || 0), 1);
      // Optional repetitions have an instruction more.
      const repeated = (atom + (repetition[2] ? 1 : 0)) * times;
      total += repeated - atom;
      atom = repeated;
      i += repetition[0].length - 1;
    } else if (char === '(') {
      groups.push(total);
      total = 2;
    } else if (char === ')') {
      atom = total;
      total += groups.pop() ?? 0;
    } else if (pattern.startsWith('\\Q', i)) {
      const end = pattern.indexOf('\\E', i);
      total += (end < 0 ? pattern.length : end) - i;
      i = end < 0 ? pattern.length : end + 1;
      atom = 1;
    } else {
      const end = char === '[' ? endOfClass(pattern, i) : char === '\\' ? i + 1 : i;
      const text = pattern.slice(i, end + 1);
      atom = 1 + CLASS * (text.match(LARGE_CLASS)?.length ?? 0);
      if (caseless && char === '[') atom += Math.floor(widthOfRanges(text) / FOLDED);
      total += atom;
      i = end;
    }
  }
  return total + groups.reduce((sum, size) => sum + size, 0) + 2;
}

/** Where the class that begins at `start` ends: at a `]` that is not its first character. */
function endOfClass(pattern: string, start: number): number {
  let i = start + 1;
  if (pattern[i] === '^') i++;
  if (pattern[i] === ']') i++;
  while (i < pattern.length && pattern[i] !== ']') i += pattern[i] === '\\' ? 2 : 1;
  return i;
}

/** How many characters the ranges of a class have. */
function widthOfRanges(text: string): number {
  let width = 0;
  for (const [, first, last] of text.matchAll(RANGE)) width += Math.max(0, characterOf(last!) - characterOf(first!));
  return width;
}

function characterOf(text: string): number {
  const hex = /^\\x\{?([0-9a-f]+)/i.exec(text);
  return hex ? Number.parseInt(hex[1]!, 16) : text.codePointAt(text.length > 1 && text.startsWith('\\') ? 1 : 0)!;
}

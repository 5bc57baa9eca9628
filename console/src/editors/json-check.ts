/** What can be wrong, as the catalogue of texts names it. */
export type JsonProblem =
  | 'json.end'
  | 'json.after'
  | 'json.value'
  | 'json.key'
  | 'json.colon'
  | 'json.comma'
  | 'json.trailing'
  | 'json.quotes'
  | 'json.number'
  | 'json.lossy'
  | 'json.string'
  | 'json.escape'
  | 'json.twice'
  | 'json.proto'
  | 'json.deep'
  | 'json.object'
  | 'json.large'
  | 'json.character';

/** What the server takes; see `http/json.ts` and the metadata's field there. */
export const MOST_BYTES = 64 * 1024;
const DEEPEST = 60;

/** What is wrong with a text, in words of the catalogue, and where. */
export interface JsonFault {
  readonly at: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly message: JsonProblem;
  readonly key?: string;
}

type Checked = { readonly value: Record<string, unknown>; readonly bytes: number } | { readonly fault: JsonFault };

/** Reads a JSON object as the server would. `JSON.parse` says in other words in each browser what is wrong, and takes double keys. */
export function checkJson(text: string): Checked {
  try {
    new Scanner(text).document();
  } catch (error) {
    if (error instanceof Refused) return { fault: faultAt(text, error) };
    throw error;
  }
  const value = JSON.parse(text) as Record<string, unknown>;
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes > MOST_BYTES) return { fault: faultAt(text, new Refused(0, 'json.large')) };
  return { value, bytes };
}

function faultAt(text: string, { at, text: message, key, length }: Refused): JsonFault {
  const before = text.slice(0, at).split('\n');
  const end = Math.min(at + length, text.length);
  return { at, end, line: before.length, column: [...before.at(-1)!].length + 1, message, key };
}

class Refused extends Error {
  constructor(
    readonly at: number,
    readonly text: JsonProblem,
    readonly length = 1,
    readonly key?: string,
  ) {
    super(text);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\w.+-]+/y;
const BLANK = /[ \t\r\n]*/y;

/** RFC 8259. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): void {
    this.skip();
    if (this.at === this.text.length) throw new Refused(this.at, 'json.object');
    const start = this.at;
    this.value(0);
    this.skip();
    if (this.at < this.text.length) throw new Refused(this.at, 'json.after');
    if (this.text[start] !== '{') throw new Refused(start, 'json.object');
  }

  private value(depth: number): void {
    const char = this.text[this.at];
    if (depth > DEEPEST) throw new Refused(this.at, 'json.deep');
    if (char === undefined) throw new Refused(this.at, 'json.end');
    if (char === '{') return this.members('}', depth, new Set());
    if (char === '[') return this.members(']', depth);
    if (char === '"') return void this.string();
    if (char === "'" || char === '“' || char === '”') throw new Refused(this.at, 'json.quotes');
    const word = this.match(WORD);
    if (word === '') throw new Refused(this.at, 'json.value');
    if (/^(?:true|false|null)$/.test(word)) return;
    const start = this.at - word.length;
    if (!/^[-+.\d]/.test(word)) throw new Refused(start, 'json.value', word.length);
    this.at = start;
    if (this.match(NUMBER) !== word || !Number.isFinite(Number(word))) {
      throw new Refused(start, 'json.number', word.length);
    }
    // What the server would read is another number: those have 53 bits.
    if (/^-?\d+$/.test(word) && BigInt(word) !== BigInt(Number(word))) {
      throw new Refused(start, 'json.lossy', word.length);
    }
  }

  /** What stands between brackets; of an object where there are keys. */
  private members(end: '}' | ']', depth: number, keys?: Set<string>): void {
    this.at++;
    this.skip();
    if (this.take(end)) return;
    for (;;) {
      if (keys) this.key(keys);
      this.value(depth + 1);
      this.skip();
      if (this.take(end)) return;
      const comma = this.at;
      if (!this.take(',')) throw new Refused(this.at, comma === this.text.length ? 'json.end' : 'json.comma');
      this.skip();
      if (this.text[this.at] === end) throw new Refused(comma, 'json.trailing');
    }
  }

  private key(keys: Set<string>): void {
    const start = this.at;
    const char = this.text[start];
    if (char === undefined) throw new Refused(start, 'json.end');
    if (char === "'" || char === '“' || char === '”') throw new Refused(start, 'json.quotes');
    if (char !== '"') throw new Refused(start, 'json.key');
    const key = this.string();
    if (key === '__proto__') throw new Refused(start, 'json.proto', this.at - start);
    if (keys.has(key)) throw new Refused(start, 'json.twice', this.at - start, key.slice(0, 60));
    keys.add(key);
    this.skip();
    if (!this.take(':')) throw new Refused(this.at, this.at === this.text.length ? 'json.end' : 'json.colon');
    this.skip();
  }

  private string(): string {
    const start = this.at++;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char < ' ') throw new Refused(start, 'json.string');
      if (char === '"') break;
      if (char === '\\' && !/^\\(?:["\\/bfnrt]|u[\da-f]{4})/i.test(this.text.slice(this.at, this.at + 6))) {
        throw new Refused(this.at, 'json.escape');
      }
      this.at += char === '\\' ? 2 : 1;
    }
    const value = JSON.parse(this.text.slice(start, ++this.at)) as string;
    if (/\0|\p{Surrogate}/u.test(value)) throw new Refused(start, 'json.character', this.at - start);
    return value;
  }

  private skip(): void {
    this.match(BLANK);
  }

  private take(char: string): boolean {
    const is = this.text[this.at] === char;
    if (is) this.at++;
    return is;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}

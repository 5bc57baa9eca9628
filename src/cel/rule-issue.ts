/** Why a rule is refused, and where: from 1, in UTF-16 code units, `endColumn` exclusive. 0 is an unknown place. */
export interface RuleIssue {
  message: string;
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
}

/** Lines and columns of a rule's text. */
export class Places {
  readonly #starts: number[] = [0];

  constructor(private readonly source: string) {
    for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) this.#starts.push(i + 1);
  }

  place(offset: number): { line: number; column: number } {
    let line = 1;
    let after = this.#starts.length + 1;
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if (this.#starts[middle - 1]! <= offset) line = middle;
      else after = middle;
    }
    return { line, column: offset - this.#starts[line - 1]! + 1 };
  }

  /** Where a name is that comes after an offset. */
  find(name: string, after: number): number {
    return this.source.indexOf(name, after);
  }

  issue(message: string, start: number, end: number): RuleIssue {
    const from = this.place(Math.min(start, this.source.length));
    const to = this.place(Math.min(Math.max(start, end), this.source.length));
    return { message, ...from, endLine: to.line, endColumn: to.column };
  }
}

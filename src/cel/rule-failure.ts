/**
 * Why a rule has no result. It is a value that closures return, and not an Error: `&&` and `||` absorb failures, rules about attributes that
 * are absent fail all the time, and a stack for each would cost a hundred times the rest of the rule.
 */
export class RuleFailure {
  /** `line` and `column` count from 1, in UTF-16 code units. */
  constructor(
    readonly message: string,
    readonly line?: number,
    readonly column?: number,
  ) {}

  /** The same failure at this place, unless it has one. */
  at(line: number, column: number): RuleFailure {
    return this.line === undefined ? new RuleFailure(this.message, line, column) : this;
  }

  /** The failure as one of the text in which its own begins at this place. */
  within({ line, column }: { readonly line: number; readonly column: number }): RuleFailure {
    if (this.line === undefined || (line === 1 && column === 1)) return this;
    const shift = this.line === 1 ? column - 1 : 0;
    return new RuleFailure(this.message, this.line + line - 1, this.column! + shift);
  }
}

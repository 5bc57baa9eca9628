/** What can be wrong with a rule, for whoever says it in other words. Kept as they are: clients know them. `other` is all the rest. */
export const RULE_ISSUE_CODES = [
  'empty',
  'too_long',
  'too_deep',
  'too_large',
  'ends_early',
  'unexpected',
  'unterminated_text',
  'bad_escape',
  'bad_number',
  'int_too_large',
  'reserved_word',
  'bad_macro',
  'wrong_types',
  'not_boolean',
  'unknown_function',
  'unknown_fact',
  'unsupported_operator',
  'other',
] as const;
export type RuleIssueCode = (typeof RULE_ISSUE_CODES)[number];

/** The code, and the names and numbers of the message. */
export interface IssueKind {
  code: RuleIssueCode;
  params?: Record<string, string>;
}

/** Why a rule is refused, and where: from 1, in UTF-16 code units, `endColumn` exclusive. 0 is an unknown place. */
export interface RuleIssue extends IssueKind {
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

  issue(message: string, kind: IssueKind, start: number, end: number): RuleIssue {
    const from = this.place(Math.min(start, this.source.length));
    const to = this.place(Math.min(Math.max(start, end), this.source.length));
    return { message, ...kind, ...from, endLine: to.line, endColumn: to.column };
  }
}

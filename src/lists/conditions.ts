/** Conditions of a WHERE clause with their parameters. */
export class Conditions {
  private readonly parts: string[] = [];
  readonly values: string[] = [];

  get empty(): boolean {
    return this.parts.length === 0;
  }

  get sql(): string {
    return this.empty ? '' : `WHERE ${this.parts.join(' AND ')}`;
  }

  /** Adds a parameter only. @returns its placeholder. */
  param(value: string): string {
    return `$${this.values.push(value)}`;
  }

  /** Adds a condition over as many parameters as there are values. */
  add(condition: (...params: string[]) => string, ...values: string[]): void {
    this.parts.push(condition(...values.map((value) => this.param(value))));
  }

  copy(): Conditions {
    const copy = new Conditions();
    copy.parts.push(...this.parts);
    copy.values.push(...this.values);
    return copy;
  }
}

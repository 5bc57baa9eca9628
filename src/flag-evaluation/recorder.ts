/** Is told what an evaluation does, in the order in which it happens. Targetings are meant by their index. */
export interface Recorder {
  notMatched(targeting: number): void;
  broken(
    targeting: number,
    failure: { readonly message: string; readonly line?: number; readonly column?: number },
  ): void;
  /** The rule matched, so its strategy is asked. Who is asked last gives the answer. */
  matched(targeting: number): void;
  /** The default's strategy is asked. */
  byDefault(): void;
  /** The strategy that is asked goes by the key's bucket. */
  bucket(bucket: number): void;
  /** Nothing more is evaluated. */
  budgetSpent(): void;
}

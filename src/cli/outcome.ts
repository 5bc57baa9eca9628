/** What a command has to say. */
export interface Outcome {
  /** For programs: all of it, printed with --json. */
  readonly value: unknown;
  /** For the shell, printed without --json: what the next command needs. */
  readonly text: string;
  /** For people, printed to stderr. */
  readonly message: string;
}

/** Options of commands that work within an organization. */
export interface InOrganization {
  readonly organization: string;
}

/** Progress, for people. */
export const say = (message: string): void => void process.stderr.write(`${message}\n`);

/** The options that were given: to validation, an undefined one is not absent. */
export function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

export const count = (number: number, noun: string): string => `${number} ${number === 1 ? noun : `${noun}s`}`;

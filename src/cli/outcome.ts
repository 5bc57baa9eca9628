/** What a command has to say. */
export interface Outcome {
  /** For programs: all of it, printed with --json. */
  readonly value: unknown;
  /** For the shell, printed without --json: what the next command needs. */
  readonly text: string;
  /** For people, printed to stderr. */
  readonly message: string;
}

/** How an outcome is printed. */
export interface Printing {
  readonly json?: true;
}

const told = new WeakSet<Outcome>();

/**
 * Prints what a command has to say, once. Commands have it done when they end; those that have minted a secret do it themselves, while
 * connections are still open: what cannot be asked for again must not wait for them to be closed, during which a signal may end the process.
 */
export function tell(outcome: Outcome, { json }: Printing): void {
  if (told.has(outcome)) return;
  told.add(outcome);
  const { value, text, message } = outcome;
  say(message);
  const output = json ? JSON.stringify(value, null, 2) : text;
  if (output !== '') process.stdout.write(`${output}\n`);
}

/** Options of commands that work within an organization. */
export interface InOrganization extends Printing {
  readonly organization: string;
}

/** Progress, for people. */
export const say = (message: string): void => void process.stderr.write(`${message}\n`);

/** The options that were given: to validation, an undefined one is not absent. */
export function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

export const count = (number: number, noun: string): string => `${number} ${number === 1 ? noun : `${noun}s`}`;

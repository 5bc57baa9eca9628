import { text } from 'node:stream/consumers';
import { examineGateway } from '../doctor/examine-gateway.js';
import type { Outcome, Result } from '../doctor/probe.js';
import { isTokenShaped } from '../tokens/token-format.js';
import { Failure } from './failure.js';
import { count } from './outcome.js';

export interface GatewayOptions {
  readonly url: string;
  readonly directUrl?: string;
  readonly json?: true;
}

/**
 * Examines a gateway with the token on stdin, and prints a line for each probe.
 *
 * @param misused ends the command as one that was not called as it should be.
 * @throws Failure when something was found, or when it cannot be told.
 */
export async function doctorGateway(options: GatewayOptions, misused: (message: string) => never): Promise<void> {
  const { url, directUrl, json } = options;
  const token = (await text(process.stdin)).trim();
  // Nothing else is sent anywhere: what was typed by mistake may be another secret.
  if (!isTokenShaped(token)) misused('error: what stands on stdin is not a token (ksh_...)');
  const results = await examineGateway({ url, directUrl, token });
  const [findings, undecided] = (['finding', 'undecided'] as const).map(
    (sought) => results.filter(({ outcome }) => outcome === sought).length,
  ) as [number, number];
  const report = json
    ? JSON.stringify({ url, directUrl, findings, undecided, probes: results }, null, 2)
    : results.map(lineOf).join('\n');
  process.stdout.write(`${report}\n`);
  if (findings > 0) throw new Failure(`the gateway has ${count(findings, 'finding')}`);
  if (undecided > 0) {
    throw new Failure(`the gateway has no findings, but ${count(undecided, 'probe')} could not be decided: try again`);
  }
  process.stderr.write('The gateway has no findings.\n');
}

const MARKS: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  finding: 'FINDING',
  skipped: 'skipped',
  undecided: 'undecided',
};

const lineOf = ({ probe, outcome, says }: Result): string => `${MARKS[outcome].padEnd(9)} ${probe}: ${says}`;

import { readEnv } from '../config/env.js';
import type { KeyFacts } from '../gateway/principal-keys.js';
import { listKeys, RotationPendingError, rotateKeys } from '../gateway/principal-keys.js';
import { Failure } from './failure.js';
import { asOwner, withDatabase } from './operator.js';
import type { Outcome } from './outcome.js';
import { count, say } from './outcome.js';

export async function showKeys(): Promise<Outcome> {
  return withDatabase(readEnv(), { say }, async (database) => {
    const keys = await asOwner(database, listKeys);
    return { value: keys, text: keys.map(lineOf).join('\n'), message: `${count(keys.length, 'key')}.` };
  });
}

export async function addKey({ now = false }: { now?: boolean }): Promise<Outcome> {
  return withDatabase(readEnv(), { say }, async (database) => {
    const key = await asOwner(database, (owner) => rotateKeys(owner, { immediately: now })).catch(explainPending);
    const since = key.state === 'signing' ? 'now' : `${key.signsFrom.toISOString()}; until then the one before it does`;
    return { value: key, text: key.kid, message: `Added the key ${key.kid}. It signs from ${since}.` };
  });
}

const lineOf = ({ kid, state, signsFrom, verifiesUntil }: KeyFacts): string =>
  [kid, state, signsFrom.toISOString(), verifiesUntil?.toISOString() ?? '-'].join('\t');

function explainPending(error: unknown): never {
  if (!(error instanceof RotationPendingError)) throw error;
  throw new Failure(`${error.message}; with --now a key takes over at once, and all others are dropped`);
}

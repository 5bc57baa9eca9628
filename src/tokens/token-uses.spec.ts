import { expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { createLogger } from '../config/logger.js';
import type { TokenRecord } from './token-record.js';
import { TokenUses } from './token-uses.js';

type Parameters = [ids: string[], times: string, addresses: (string | undefined)[]];

/** More than one statement writes. */
const MANY = 12_000;

const aRecord = (id: string): TokenRecord => ({
  hash: id,
  id,
  scopes: [],
  expiresAt: Infinity,
  networks: undefined,
  holder: undefined as never,
  use: { at: NaN, from: undefined },
});

/** Uses, and what is written of them: token -> time and address. Statements fail while `isAway`. */
function collect() {
  const state = { isAway: false, statements: 0, written: new Map<string, string>() };
  const query = (_: string, [ids, times, addresses]: Parameters): Promise<unknown> => {
    state.statements += 1;
    if (state.isAway) return Promise.reject(new Error('away'));
    const all = times.slice(1, -1).split(',');
    ids.forEach((id, i) => state.written.set(id, `${all[i]} ${addresses[i]}`));
    return Promise.resolve([]);
  };
  const env = readEnv({ TOKEN_USE_TRACKING: 'on' });
  const uses = new TokenUses({ query } as unknown as DataSource, env, createLogger({ logLevel: 'silent' }));
  return { state, uses };
}

const AT = Date.UTC(2026, 0, 31);
const TEXT = '2026-01-31T00:00:00.000Z 192.0.2.1';

it('writes all that was used, thousands in one statement, and each use once', async () => {
  const { state, uses } = collect();
  for (let n = 0; n < MANY; n += 1) uses.note(aRecord(`${n}`), AT, () => '192.0.2.1');
  await uses.write();
  expect(state.written.size).toBe(MANY);
  expect(new Set(state.written.values())).toEqual(new Set([TEXT]));
  expect(state.statements).toBeLessThan(10);
  const before = state.statements;
  await uses.write();
  expect(state.statements).toBe(before);
});

it('keeps all of them, and later uses, when a statement in between fails', async () => {
  const { state, uses } = collect();
  const records = Array.from({ length: MANY }, (_, n) => aRecord(`${n}`));
  for (const record of records) uses.note(record, AT, () => '192.0.2.1');
  state.isAway = true;
  const writing = uses.write();
  await Promise.resolve();
  uses.note(records[0]!, AT + 1, () => '192.0.2.2');
  uses.note(records.at(-1)!, AT + 1, () => '192.0.2.2');
  await writing;
  expect(state.written.size).toBe(0);
  state.isAway = false;
  await uses.write();
  expect(state.written.size).toBe(MANY);
  for (const id of ['0', `${MANY - 1}`]) expect(state.written.get(id)).toBe('2026-01-31T00:00:00.001Z 192.0.2.2');
  expect(state.written.get('1')).toBe(TEXT);
  expect(state.written.get(`${MANY - 2}`)).toBe(TEXT);
});

it('takes the later use of two records of a token, whichever came first', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { state, uses } = collect();
    for (const later of order) uses.note(aRecord('a'), AT + later, () => `192.0.2.${later}`);
    await uses.write();
    expect(state.written.get('a')).toBe('2026-01-31T00:00:00.001Z 192.0.2.1');
  }
});

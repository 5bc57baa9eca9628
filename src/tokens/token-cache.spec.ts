import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Known } from './token-cache.js';
import { TokenCache } from './token-cache.js';
import type { TokenRecord } from './token-record.js';

/** A database whose answers come when the test says so. */
class Source {
  readonly asked: { readonly hash: string; answer: (known: Known) => void; fail: (error: Error) => void }[] = [];

  load = (hash: string): Promise<Known> => new Promise((answer, fail) => this.asked.push({ hash, answer, fail }));
}

const record = (id: string): TokenRecord => ({ id }) as TokenRecord;

let source: Source;
let current: boolean;
let cache: TokenCache;

beforeEach(() => {
  source = new Source();
  current = true;
  cache = new TokenCache({ load: source.load, isCurrent: () => current, size: 3 });
});

/** Looks one up and has the database answer. */
async function fill(hash: string, known: Known): Promise<void> {
  const found = cache.find(hash);
  source.asked.at(-1)!.answer(known);
  expect(await found).toBe(known);
}

describe('a token in memory', () => {
  it('is answered at once, and not asked for again', async () => {
    const token = record('1');
    await fill('a', token);
    expect(cache.find('a')).toBe(token);
    expect(source.asked).toHaveLength(1);
    expect(cache.counts).toMatchObject({ hits: 1, misses: 1 });
  });

  it.each(['unknown', 'revoked', 'expired'] as const)('is answered at once when it is %s', async (reason) => {
    await fill('a', reason);
    expect(cache.find('a')).toBe(reason);
    expect(source.asked).toHaveLength(1);
  });

  it('is asked for again once it was dropped, alone', async () => {
    await fill('a', record('1'));
    await fill('b', record('2'));
    cache.drop('a');
    expect(cache.find('a')).toBeInstanceOf(Promise);
    expect(cache.find('b')).toMatchObject({ id: '2' });
  });

  it('is asked for again once it was dropped, though it was none', async () => {
    await fill('a', 'unknown');
    cache.drop('a');
    expect(cache.find('a')).toBeInstanceOf(Promise);
  });

  it('is asked for again once everything was', async () => {
    await fill('a', record('1'));
    await fill('b', 'revoked');
    cache.clear();
    expect(cache.find('a')).toBeInstanceOf(Promise);
    expect(cache.find('b')).toBeInstanceOf(Promise);
    expect(cache.size).toBe(0);
  });

  it('makes room for others, the one that was used longest ago first', async () => {
    for (const hash of ['a', 'b', 'c']) await fill(hash, record(hash));
    expect(cache.find('a')).toMatchObject({ id: 'a' });
    await fill('d', record('d'));
    expect(cache.size).toBe(3);
    expect(cache.find('a')).toMatchObject({ id: 'a' });
    expect(cache.find('b')).toBeInstanceOf(Promise);
  });
});

describe('look-ups under way', () => {
  it('are shared', async () => {
    const all = [cache.find('a'), cache.find('a'), cache.find('a')].map((found) => Promise.resolve(found));
    expect(source.asked).toHaveLength(1);
    const token = record('1');
    source.asked[0]!.answer(token);
    expect(await Promise.all(all)).toEqual([token, token, token]);
  });

  it('are not shared by other tokens', () => {
    void cache.find('a');
    void cache.find('b');
    expect(source.asked.map(({ hash }) => hash)).toEqual(['a', 'b']);
  });

  it('fail for all who wait, and are tried again by the next', async () => {
    const all = [cache.find('a'), cache.find('a')];
    source.asked[0]!.fail(new Error('away'));
    for (const one of all) await expect(one).rejects.toThrow('away');
    expect(cache.loads).toBe(0);
    await fill('a', record('1'));
    expect(source.asked).toHaveLength(2);
  });
});

describe('a change while a look-up is under way', () => {
  it.each([
    ['of this token', () => cache.drop('a')],
    ['of another token', () => cache.drop('b')],
    ['of everything', () => cache.clear()],
  ])('%s keeps what was read before from being stored', async (_, change) => {
    const before = cache.find('a');
    change();
    source.asked[0]!.answer(record('old'));
    expect(await before).toMatchObject({ id: 'old' });
    expect(cache.find('a')).toBeInstanceOf(Promise);
    expect(source.asked).toHaveLength(2);
  });

  it('keeps later requests from joining it', async () => {
    const before = cache.find('a');
    cache.drop('a');
    const after = cache.find('a');
    expect(source.asked).toHaveLength(2);
    source.asked[1]!.answer('revoked');
    source.asked[0]!.answer(record('old'));
    expect(await before).toMatchObject({ id: 'old' });
    expect(await after).toBe('revoked');
    expect(cache.find('a')).toBe('revoked');
  });

  it('does not let the older end the newer', async () => {
    const before = cache.find('a');
    cache.drop('a');
    const after = cache.find('a');
    source.asked[0]!.answer(record('old'));
    await before;
    // Still the same look-up for whoever comes now.
    const joined = cache.find('a');
    expect(source.asked).toHaveLength(2);
    source.asked[1]!.answer('revoked');
    expect([await after, await joined]).toEqual(['revoked', 'revoked']);
  });
});

describe('while changes do not arrive', () => {
  it('nothing is answered from memory', async () => {
    await fill('a', record('1'));
    await fill('b', 'unknown');
    current = false;
    expect(cache.find('a')).toBeInstanceOf(Promise);
    expect(cache.find('b')).toBeInstanceOf(Promise);
  });

  it('nobody joins a look-up', () => {
    void cache.find('a');
    current = false;
    void cache.find('a');
    void cache.find('a');
    expect(source.asked).toHaveLength(3);
  });

  it('nothing is stored', async () => {
    current = false;
    await fill('a', record('1'));
    current = true;
    expect(cache.find('a')).toBeInstanceOf(Promise);
  });
});

it('of size 0 looks everything up, each time', async () => {
  cache = new TokenCache({ load: source.load, isCurrent: () => true, size: 0 });
  await fill('a', record('1'));
  await fill('a', record('1'));
  await fill('b', 'unknown');
  await fill('b', 'unknown');
  expect(source.asked).toHaveLength(4);
});

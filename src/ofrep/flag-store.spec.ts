import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FlagDefinition } from '../flag-evaluation/definition.js';
import type { FlagRow, FlagSnapshot } from './flag-snapshot.js';
import { FlagStore } from './flag-store.js';

let version = 0;

function aFlag(slug: string, length = 100): FlagRow {
  version += 1;
  const definition: FlagDefinition = {
    id: slug,
    slug,
    salt: slug,
    type: 'boolean',
    enabled: true,
    metadata: {},
    variants: [{ id: 'on', name: 'on', description: '', value: true }],
    defaultVariant: { type: 'basic', variant: 'on' },
    targetings: [],
    version: String(version),
  };
  return { definition, length, ruleSymbols: 0 };
}

interface Read {
  readonly organizationId: string;
  readonly answer: (rows: FlagRow[]) => void;
  readonly fail: (error: Error) => void;
}

/** A store whose reads are answered by hand. */
function aStore(bytes = 1_000_000) {
  const reads: Read[] = [];
  const state = { isCurrent: true };
  const load = (organizationId: string): Promise<FlagRow[]> =>
    new Promise((answer, fail) => reads.push({ organizationId, answer, fail }));
  return { reads, state, store: new FlagStore({ load, isCurrent: () => state.isCurrent, bytes }) };
}

const slugsOf = ({ flags }: FlagSnapshot): string[] => flags.map(({ definition }) => definition.slug);

afterEach(() => {
  jest.restoreAllMocks();
});

describe('FlagStore', () => {
  it('reads once for all who ask meanwhile, and not again', async () => {
    const { store, reads } = aStore();
    const asked = store.find('a');
    expect(store.find('a')).toBe(asked);
    reads[0]!.answer([aFlag('two'), aFlag('one')]);
    const first = await asked;
    expect(slugsOf(first)).toEqual(['one', 'two']);
    expect(store.find('a')).toBe(first);
    expect(reads).toHaveLength(1);
  });

  it('reads again after a failure', async () => {
    const { store, reads } = aStore();
    const asked = store.find('a');
    reads[0]!.fail(new Error('away'));
    await expect(asked).rejects.toThrow('away');
    const again = store.find('a');
    reads[1]!.answer([aFlag('one')]);
    expect(slugsOf(await again)).toEqual(['one']);
  });

  it('reads again what was dropped, and nothing else', async () => {
    const { store, reads } = aStore();
    for (const organization of ['a', 'b']) {
      const asked = store.find(organization);
      reads.at(-1)!.answer([aFlag('one')]);
      await asked;
    }
    store.drop('a');
    expect(store.find('b')).not.toBeInstanceOf(Promise);
    expect(store.find('a')).toBeInstanceOf(Promise);
    store.dropAll();
    expect(store.find('b')).toBeInstanceOf(Promise);
  });

  it.each(['drop', 'dropAll'] as const)('a read that %s overtakes is neither stored nor joined', async (how) => {
    const { store, reads } = aStore();
    const before = store.find('a');
    if (how === 'drop') store.drop('a');
    else store.dropAll();
    const after = store.find('a');
    expect(reads).toHaveLength(2);
    reads[1]!.answer([aFlag('new')]);
    expect(slugsOf(await after)).toEqual(['new']);
    reads[0]!.answer([aFlag('old')]);
    expect(slugsOf(await before)).toEqual(['old']);
    expect(slugsOf(await store.find('a'))).toEqual(['new']);
    expect(reads).toHaveLength(2);
  });

  it('serves a copy for two seconds from the beginning of its reading while changes do not arrive', async () => {
    const { store, reads, state } = aStore();
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    state.isCurrent = false;
    const asked = store.find('a');
    now.mockReturnValue(1_000);
    reads[0]!.answer([aFlag('one')]);
    const snapshot = await asked;
    now.mockReturnValue(1_999);
    expect(store.find('a')).toBe(snapshot);
    now.mockReturnValue(2_000);
    expect(store.find('a')).toBeInstanceOf(Promise);
    state.isCurrent = true;
    expect(store.find('a')).toBe(snapshot);
  });

  it('takes flags that have not changed from before', async () => {
    const { store, reads } = aStore();
    const [kept, changed] = [aFlag('kept'), aFlag('changed')];
    const asked = store.find('a');
    reads[0]!.answer([kept, changed]);
    const before = await asked;
    store.drop('a');
    const again = store.find('a');
    reads[1]!.answer([kept, aFlag('changed')]);
    const after = await again;
    expect(after.find('kept')).toBe(before.find('kept'));
    expect(after.find('changed')).not.toBe(before.find('changed'));
    expect(after.version).not.toBe(before.version);
  });

  it('forgets the organization that was not asked for the longest time when there is no room', async () => {
    const { store, reads } = aStore(16_000);
    for (const organization of ['a', 'b', 'a', 'c']) {
      const asked = store.find(organization);
      if (asked instanceof Promise) reads.at(-1)!.answer([aFlag('one', 1_000)]);
      await asked;
    }
    expect(store.find('a')).not.toBeInstanceOf(Promise);
    expect(store.find('c')).not.toBeInstanceOf(Promise);
    expect(store.find('b')).toBeInstanceOf(Promise);
  });

  it('gives the same version to the same flags, in whatever order they are read', async () => {
    const rows = [aFlag('one'), aFlag('two')];
    const versions = [];
    for (const order of [rows, [...rows].reverse()]) {
      const { store, reads } = aStore();
      const asked = store.find('a');
      reads[0]!.answer(order);
      versions.push((await asked).version);
    }
    expect(versions[0]).toBe(versions[1]);
  });

  it('keeps an organization of more than there is room for, while nobody asks for another', async () => {
    const { store, reads } = aStore(10_000);
    const asked = store.find('a');
    reads[0]!.answer([aFlag('large', 1_000_000)]);
    const snapshot = await asked;
    expect(snapshot.bytes).toBeGreaterThan(10_000);
    expect(store.find('a')).toBe(snapshot);
    const other = store.find('b');
    reads[1]!.answer([aFlag('small')]);
    const small = await other;
    expect(store.find('b')).toBe(small);
    expect(store.find('a')).toBeInstanceOf(Promise);
    expect(reads.map(({ organizationId }) => organizationId)).toEqual(['a', 'b', 'a']);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { createFlag, SWITCH, text } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';

useApp();

let api: Api;
beforeAll(async () => {
  ({ api } = await anOrg());
});

interface Row {
  readonly salt: string;
  readonly variants: { readonly id: string; readonly name: string }[];
  readonly default_variant: { readonly allocation: [string, number][] };
  readonly targetings: { readonly name: string; readonly allocation: [string, number][] }[];
}

/** The flag's row, as the owner sees it. */
async function rowOf(id: string): Promise<Row> {
  const [row] = await testApp().owner.query<Row[]>('SELECT * FROM feature_flags WHERE id = $1', [id]);
  return row!;
}

describe('which variant is which', () => {
  const A_TO_C = { type: 'string', variants: [text('b'), text('c'), text('a')] };
  const EQUAL = { default_variant: { type: 'rollout_percentage', distribution: { a: 1, b: 1, c: 1 } } };

  /** Ids by name, in the order of the answer, and the names in the kept order. */
  async function variantsOf(id: string) {
    const { body } = await api.get(`/api/feature-flags/${id}`);
    const { variants } = await rowOf(id);
    const shown = body.variants.map((variant: { name: string; id: string }) => [variant.name, variant.id]);
    return { shown, ids: Object.fromEntries(shown), kept: variants.map(({ name }) => name) };
  }

  async function put(id: string, variants: object[], fields: object = {}): Promise<void> {
    const { name } = variants[0] as { name: string };
    const body = { ...SWITCH, type: 'string', default_variant: { type: 'basic', value: name }, variants, ...fields };
    expect((await api.put(`/api/feature-flags/${id}`, body)).status).toBe(204);
  }

  it('are shown as sent, and laid out by name', async () => {
    const { id } = await createFlag(api, { ...A_TO_C, ...EQUAL });
    const { shown, kept } = await variantsOf(id);
    expect(shown.map(([name]: string[]) => name)).toEqual(['b', 'c', 'a']);
    expect(kept).toEqual(['a', 'b', 'c']);
  });

  it('moving them leaves identities and buckets alone', async () => {
    const { id } = await createFlag(api, { ...A_TO_C, ...EQUAL });
    const [before, row] = [await variantsOf(id), await rowOf(id)];
    await put(id, [text('a'), text('b'), text('c')], EQUAL);
    const after = await variantsOf(id);
    expect(after.shown.map(([name]: string[]) => name)).toEqual(['a', 'b', 'c']);
    expect([after.ids, after.kept]).toEqual([before.ids, before.kept]);
    expect((await rowOf(id)).default_variant).toEqual(row.default_variant);
  });

  it('a new name at the place of one that is gone renames it, and moves nobody', async () => {
    const { id } = await createFlag(api, { ...A_TO_C, ...EQUAL });
    const [before, row] = [await variantsOf(id), await rowOf(id)];
    const renamed = { default_variant: { type: 'rollout_percentage', distribution: { a: 1, z: 1, c: 1 } } };
    await put(id, [text('z'), text('c'), text('a')], renamed);
    const after = await variantsOf(id);
    expect(after.ids).toEqual({ z: before.ids.b, c: before.ids.c, a: before.ids.a });
    expect(after.kept).toEqual(['a', 'z', 'c']);
    expect((await rowOf(id)).default_variant).toEqual(row.default_variant);
  });

  it('a new name elsewhere is a new variant, and comes last', async () => {
    const { id } = await createFlag(api, { ...A_TO_C, ...EQUAL });
    const before = await variantsOf(id);
    await put(id, [text('c'), text('b'), text('B'), text('A'), text('a')]);
    const after = await variantsOf(id);
    expect(after.kept).toEqual(['a', 'b', 'c', 'A', 'B']);
    expect(after.ids).toMatchObject(before.ids);
    await put(id, [text('b'), text('a')]);
    expect((await variantsOf(id)).kept).toEqual(['a', 'b']);
  });

  it('an echoed id says which one it is, whatever it is called and wherever it stands', async () => {
    const { id, variants } = await createFlag(api, { ...A_TO_C, ...EQUAL });
    const row = await rowOf(id);
    const [b, c, a] = variants as { id: string; name: string }[];
    const swapped = [{ ...a, name: 'b' }, { ...b, name: 'a' }, c!];
    await put(id, swapped, EQUAL);
    const after = await variantsOf(id);
    expect(after.shown).toEqual([
      ['b', a!.id],
      ['a', b!.id],
      ['c', c!.id],
    ]);
    expect(after.kept).toEqual(['b', 'a', 'c']);
    expect((await rowOf(id)).default_variant).toEqual(row.default_variant);
  });

  it('where ids are echoed, one without is new or of its name, and renames none', async () => {
    const { id, variants } = await createFlag(api, { ...A_TO_C, default_variant: { type: 'basic', value: 'a' } });
    const [b, c, a] = variants as { id: string; name: string }[];
    await put(id, [text('new'), { ...c, name: 'renamed' }, text('a')]);
    const { ids } = await variantsOf(id);
    expect([ids.renamed, ids.a]).toEqual([c!.id, a!.id]);
    expect([a!.id, b!.id, c!.id]).not.toContain(ids.new);
  });

  it('422 for ids that are no variant’s, are there twice or are no ids', async () => {
    const { id, variants } = await createFlag(api);
    const other = await createFlag(api);
    const [on, off] = variants as object[];
    for (const [sent, location, message] of [
      [[on, { ...off, id: other.variants[1].id }], 'body.variants[1].id', 'is not the id of a variant of this flag'],
      [[on, off, { ...on, name: 'third' }], 'body.variants[2].id', 'is there twice'],
      [[{ ...on, id: 7 }, off], 'body.variants[0].id', 'is not the id of a variant of this flag'],
    ] as const) {
      const { status, body } = await api.send('PUT', `/api/feature-flags/${id}`, {
        raw: JSON.stringify({ ...SWITCH, variants: sent }),
      });
      expect([status, body.errors.map((error: any) => [error.location, error.message])]).toEqual([
        422,
        [[location, message]],
      ]);
    }
  });
});

describe('percentages', () => {
  const shares = (distribution: object, name?: string): object => ({
    type: 'rollout_percentage',
    distribution,
    ...(name && { name, rule: 'beta' }),
  });
  const sizes = (
    allocation: readonly [string, number][],
    names: ReadonlyMap<string, string>,
  ): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const [id, count] of allocation) sums[names.get(id)!] = (sums[names.get(id)!] ?? 0) + count;
    return sums;
  };

  /** Bucket -> id. */
  const buckets = (allocation: readonly [string, number][]): string[] =>
    allocation.flatMap(([id, count]) => Array<string>(count).fill(id));

  it('are laid out anew with as few moves as there can be, for the default and for targetings by name', async () => {
    const flag = {
      ...SWITCH,
      default_variant: shares({ on: 10, off: 90 }),
      targetings: [shares({ on: 1, off: 1 }, 'one'), shares({ on: 1, off: 3 }, 'two')],
    };
    const { id } = await createFlag(api, flag);
    const before = await rowOf(id);
    const names = new Map(before.variants.map((variant) => [variant.id, variant.name]));
    const changed = {
      ...flag,
      default_variant: shares({ on: 20, off: 80 }),
      targetings: [shares({ on: 1, off: 3 }, 'two'), shares({ on: 3, off: 1 }, 'one')],
    };
    expect((await api.put(`/api/feature-flags/${id}`, changed)).status).toBe(204);
    const after = await rowOf(id);

    expect(sizes(after.default_variant.allocation, names)).toEqual({ on: 2_000, off: 8_000 });
    expect(after.targetings.map(({ name, allocation }) => [name, sizes(allocation, names)])).toEqual([
      ['two', { on: 2_500, off: 7_500 }],
      ['one', { on: 7_500, off: 2_500 }],
    ]);
    const moved = (from: [string, number][], to: [string, number][]): number => {
      const [old, now] = [buckets(from), buckets(to)];
      return old.filter((variant, i) => variant !== now[i]).length;
    };
    expect([
      moved(before.default_variant.allocation, after.default_variant.allocation),
      moved(before.targetings[0]!.allocation, after.targetings[1]!.allocation),
      moved(before.targetings[1]!.allocation, after.targetings[0]!.allocation),
    ]).toEqual([1_000, 2_500, 0]);
  });
});

describe('the salt', () => {
  it('is the first slug, whatever the flag is called later', async () => {
    const { id } = await createFlag(api, { slug: 'salty' });
    await api.put(`/api/feature-flags/${id}`, { ...SWITCH, slug: 'sweet' });
    expect((await rowOf(id)).salt).toBe('salty');
  });

  it('is another one for a flag that takes the slug over while the first is there, and the same afterwards', async () => {
    const first = await createFlag(api, { slug: 'handed-on' });
    await api.put(`/api/feature-flags/${first.id}`, { ...SWITCH, slug: 'handed-off' });
    const second = await createFlag(api, { slug: 'handed-on' });
    expect((await rowOf(second.id)).salt).toMatch(/^handed-on:/);
    await api.delete(`/api/feature-flags/${first.id}`);
    await api.delete(`/api/feature-flags/${second.id}`);
    expect((await rowOf((await createFlag(api, { slug: 'handed-on' })).id)).salt).toBe('handed-on');
  });
});

import { describe, expect, it } from '@jest/globals';
import type { VariantDto } from './dto/variant.dto.js';
import type { KeptVariants } from './variant-identity.js';
import { createVariants, judgeIds, replaceVariants } from './variant-identity.js';

/** `a`, or `1:a` with the id that is echoed. */
const given = (...texts: string[]): VariantDto[] =>
  texts.map((text) => {
    const [name, id] = text.split(':').reverse();
    return { ...(id && { id }), name: name!, description: '', value: name };
  });

/** Variants whose ids are their names in capitals. */
const before = (shown: string, kept: string): KeptVariants => ({
  variants: [...kept].map((name) => ({ id: name.toUpperCase(), name, description: '', value: name })),
  variantOrder: [...shown.toUpperCase()],
});

/** As `id:name`, with ? for ids that are new. */
function summary({ variants, variantOrder }: KeptVariants): { kept: string; shown: string } {
  const nameOf = new Map(variants.map(({ id, name }) => [id, name]));
  const text = (id: string): string => `${id.length === 1 ? id : '?'}:${nameOf.get(id)}`;
  return { kept: variants.map(({ id }) => text(id)).join(' '), shown: variantOrder.map(text).join(' ') };
}

describe('createVariants', () => {
  it('keeps them by name, in the order of UTF-8, and shows them as given', () => {
    const created = createVariants(given('b', 'ä', '🌸', '\uff5e', 'Z', 'a'));
    expect(summary(created).kept).toBe('?:Z ?:a ?:b ?:ä ?:\uff5e ?:🌸');
    expect(summary(created).shown).toBe('?:b ?:ä ?:🌸 ?:\uff5e ?:Z ?:a');
    expect(new Set(created.variantOrder).size).toBe(6);
  });

  it('has no use for ids', () => {
    expect(summary(createVariants(given('A:a'))).shown).toBe('?:a');
  });
});

describe('replaceVariants', () => {
  it.each<[string, string[], string, string]>([
    ['the same', ['c', 'a', 'b'], 'A:a B:b C:c', 'C:c A:a B:b'],
    ['another order', ['b', 'c', 'a'], 'A:a B:b C:c', 'B:b C:c A:a'],
    ['one gone', ['c', 'b'], 'B:b C:c', 'C:c B:b'],
    ['a new one at the end', ['c', 'a', 'b', 'Z'], 'A:a B:b C:c ?:Z', 'C:c A:a B:b ?:Z'],
    ['a new one in front, nothing gone', ['n', 'c', 'a', 'b'], 'A:a B:b C:c ?:n', '?:n C:c A:a B:b'],
    ['a rename', ['c', 'x', 'b'], 'A:x B:b C:c', 'C:c A:x B:b'],
    ['all renamed', ['x', 'y', 'z'], 'A:y B:z C:x', 'C:x A:y B:z'],
    ['a rename and a move', ['b', 'x', 'c'], 'A:x B:b C:c', 'B:b A:x C:c'],
    ['one gone and one new elsewhere', ['a', 'b', 'x'], 'A:a B:b ?:x', 'A:a B:b ?:x'],
    ['a swap of names is a move', ['a', 'c', 'b'], 'A:a B:b C:c', 'A:a C:c B:b'],
    ['a swap of names, with ids', ['C:a', 'A:c', 'B:b'], 'A:c B:b C:a', 'C:a A:c B:b'],
    ['a rename and a move, with ids', ['B:x', 'C:c', 'A:a'], 'A:a B:x C:c', 'B:x C:c A:a'],
    ['ids of some, names of others', ['c', 'B:x', 'a'], 'A:a B:x C:c', 'C:c B:x A:a'],
    ['ids of some, and a new name at the place of one that is gone', ['C:c', 'x', 'B:b'], 'B:b C:c ?:x', 'C:c ?:x B:b'],
    ['a name that another has given up, with its id', ['C:x', 'c'], 'C:x ?:c', 'C:x ?:c'],
    ['several new ones, by name', ['z', 'y', 'c', 'a', 'b', 'x'], 'A:a B:b C:c ?:x ?:y ?:z', '?:z ?:y C:c A:a B:b ?:x'],
  ])('%s', (_, names, kept, shown) => {
    const replaced = replaceVariants(given(...names), before('cab', 'abc'));
    expect(summary(replaced)).toEqual({ kept, shown });
  });

  it('takes over what is said of them', () => {
    const variant = { name: 'new name', description: 'new', value: { a: 1 } };
    const { variants } = replaceVariants([variant], before('a', 'a'));
    expect(variants).toEqual([{ id: 'A', ...variant }]);
  });

  it('goes on from an order that is no longer that of the names', () => {
    expect(summary(replaceVariants(given('a', 'b', 'z'), before('zab', 'zab'))).kept).toBe('Z:z A:a B:b');
  });
});

describe('judgeIds', () => {
  it('has nothing to say of ids that are there, or of none', () => {
    expect(judgeIds(given('B:x', 'a', 'C:c'), before('cab', 'abc'), 'body.variants')).toEqual([]);
  });

  it('finds those that are unknown, and those that are there twice', () => {
    const ids = given('B:x', 'D:y', 'B:z').map((variant, index) => (index === 1 ? { ...variant, id: null } : variant));
    expect(judgeIds(ids, before('cab', 'abc'), 'body.variants')).toEqual([
      { location: 'body.variants[1].id', message: 'is not the id of a variant of this flag', value: null },
      { location: 'body.variants[2].id', message: 'is there twice', value: 'B' },
    ]);
  });
});

import { randomUUID } from 'node:crypto';
import type { Variant } from '../flag-evaluation/definition.js';
import type { ProblemDetail } from '../http/problem.js';
import type { VariantDto } from './dto/variant.dto.js';

/** A flag's variants as they are stored. */
export interface KeptVariants {
  /** In the order in which shares are laid out: it never changes for those that stay. */
  readonly variants: Variant[];
  /** Their ids in the order in which they are shown. */
  readonly variantOrder: string[];
}

type Given = readonly VariantDto[];

/** What is wrong with the ids that a PUT echoes. @param at where the variants are. */
export function judgeIds(given: Given, { variants }: KeptVariants, at: string): ProblemDetail[] {
  const unused = new Set<unknown>(variants.map(({ id }) => id));
  return given.flatMap(({ id }, index) => {
    if (id === undefined || unused.delete(id)) return [];
    const isTwice = variants.some((variant) => variant.id === id);
    const message = isTwice ? 'is there twice' : 'is not the id of a variant of this flag';
    return [{ location: `${at}[${index}].id`, message, value: id }];
  });
}

/** A new flag's variants; shares are laid out in the order of their names. */
export function createVariants(given: Given): KeptVariants {
  const variants = given.map((variant) => variantOf(variant, randomUUID()));
  return { variants: byName(variants), variantOrder: variants.map(({ id }) => id) };
}

/**
 * Tells which variant is which. One with an id is that variant, one without is the one of its name. Where no ids are echoed at all, one with
 * a new name, at the place of one that is gone, is that one renamed. The others are new, and come last where shares are laid out.
 *
 * @param given whose ids and names are sound.
 */
export function replaceVariants(given: Given, previous: KeptVariants): KeptVariants {
  const identities = identify(given, previous);
  const shown = given.map((variant, index) => variantOf(variant, identities[index] ?? randomUUID()));
  const byId = new Map(shown.map((variant) => [variant.id, variant]));
  const kept = previous.variants.flatMap(({ id }) => byId.get(id) ?? []);
  const old = new Set(kept);
  return {
    variants: [...kept, ...byName(shown.filter((variant) => !old.has(variant)))],
    variantOrder: shown.map(({ id }) => id),
  };
}

function identify(given: Given, { variants, variantOrder }: KeptVariants): (string | undefined)[] {
  const idOf = new Map(variants.map(({ id, name }) => [name, id]));
  const echoed = new Set(given.map(({ id }) => id).filter((id) => id !== undefined));
  const ids = given.map(({ id, name }) => {
    if (id !== undefined) return id as string;
    const same = idOf.get(name);
    return same === undefined || echoed.has(same) ? undefined : same;
  });
  if (echoed.size > 0) return ids;
  const known = new Set(ids);
  return ids.map((id, index) => {
    const there = variantOrder[index];
    return id ?? (known.has(there) ? undefined : there);
  });
}

const variantOf = ({ name, description, value }: VariantDto, id: string): Variant => ({ id, name, description, value });

/** By the bytes of their names in UTF-8, which is the same on every system. */
function byName(variants: readonly Variant[]): Variant[] {
  return [...variants].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

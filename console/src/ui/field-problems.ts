import { ApiError } from '../api/client';
import type { Translate } from '../i18n/i18n';

export type FieldProblems<K extends string> = { readonly [P in K]?: string };

/**
 * Splits a refusal into what is wrong with which field, and the rest.
 *
 * @param codes refusals that are about a field without saying so: a taken slug.
 */
export function splitProblem<K extends string>(
  error: unknown,
  fields: readonly K[],
  codes: Readonly<Record<string, readonly [K, string]>> = {},
): { readonly at: FieldProblems<K>; readonly rest: unknown } {
  if (!(error instanceof ApiError)) return { at: {}, rest: error ?? undefined };
  const coded = Object.entries(codes).find(([code]) => error.code === code)?.[1];
  if (coded) return { at: { [coded[0]]: coded[1] } as FieldProblems<K>, rest: undefined };
  const at: Record<string, string> = {};
  let isRest = error.errors.length === 0;
  for (const { location, message } of error.errors) {
    const field = fields.find((name) => location === `body.${name}`);
    if (field === undefined) isRest = true;
    else at[field] = at[field] === undefined ? message : `${at[field]}; ${message}`;
  }
  return { at: at as FieldProblems<K>, rest: isRest ? error : undefined };
}

/** What the server would say of one line of text, in the reader's language. */
export function lineProblem(t: Translate, text: string, max: number, isRequired = false): string | undefined {
  const count = [...text].length;
  if (text.trim() === '') return isRequired || text !== '' ? t('form.required') : undefined;
  if (count > max) return t('form.tooLong', { max, count });
  return /[\u0000-\u001f\u007f]/.test(text) ? t('form.control') : undefined;
}

export const SLUG = /^[a-z0-9][a-z0-9-]{0,98}[a-z0-9]$/;

/** The fields that both sides changed, each to something else. */
export function clashes<T extends object>(base: T, mine: T, theirs: T): (keyof T)[] {
  const keys = Object.keys(base) as (keyof T)[];
  return keys.filter((key) => mine[key] !== base[key] && theirs[key] !== base[key] && mine[key] !== theirs[key]);
}

/** Their values, but where mine differ from what both began with. */
export function merged<T extends object>(base: T, mine: T, theirs: T): T {
  const changed = Object.entries(mine).filter(([key, value]) => value !== base[key as keyof T]);
  return { ...theirs, ...Object.fromEntries(changed) };
}

/** Somebody else changed what is being saved. */
export class Clash<T extends object> extends Error {
  constructor(
    readonly by: string,
    readonly fields: readonly (keyof T)[],
  ) {
    super('changed meanwhile');
  }
}

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

/** The values of some fields. */
export const only = <T extends object>(values: T, fields: readonly (keyof T)[]): Partial<T> =>
  Object.fromEntries(fields.map((field) => [field, values[field]])) as Partial<T>;

/** Somebody else changed what is being saved. */
export class Clash<T extends object> extends Error {
  constructor(
    readonly by: string,
    readonly fields: readonly (keyof T)[],
    readonly mine: T,
    readonly theirs: T,
  ) {
    super('changed meanwhile');
  }
}

/** What tells who has saved it last. */
export interface Authored {
  readonly updatedBy: { readonly name?: string };
}

export interface Saving<R extends Authored, T extends object, S> {
  /** What one began with. */
  readonly base: T;
  readonly mine: T;
  readonly isForced: boolean;
  readonly read: () => Promise<R>;
  readonly fieldsOf: (present: R) => T;
  /** Over the present one only: the server refuses with a 412 when it has become another one. */
  readonly write: (present: R, fields: T) => Promise<S>;
}

/** Saves changes beside those that others have made meanwhile. @throws Clash where both have changed the same. */
export async function saveBeside<R extends Authored, T extends object, S>(saving: Saving<R, T, S>): Promise<S> {
  const { base, mine, isForced, read, fieldsOf, write } = saving;
  for (;;) {
    const present = await read();
    const theirs = fieldsOf(present);
    const both = clashes(base, mine, theirs);
    if (both.length > 0 && !isForced) throw new Clash<T>(present.updatedBy.name ?? '', both, mine, theirs);
    try {
      return await write(present, merged(base, mine, theirs));
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 412)) throw error;
    }
  }
}

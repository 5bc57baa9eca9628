import type { FieldError } from '../api/client';
import type { FlagDraft } from './flag-draft';

/**
 * Where in the form something is wrong: `name`, `variants/KEY/value`, `default/variant`, `targetings/KEY/start/date`. By keys, so that it
 * still holds when what was sent is moved.
 */
export type Place = string;
export type Problems = ReadonlyMap<Place, string>;

const STRATEGY: readonly (readonly [RegExp, string])[] = [
  [/^(?:value|variant)$/, 'variant'],
  [/^(start|end)$/, '$1/date'],
  [/^(start|end)\.(variant|percentage|date)$/, '$1/$2'],
  [/^distribution$/, 'shares'],
];

const FIELDS: Readonly<Record<string, Place>> = {
  'body.name': 'name',
  'body.slug': 'slug',
  'body.description': 'description',
  'body.event_name': 'eventName',
  'body.metadata': 'metadata',
  'body.type': 'type',
  'body.variants': 'variants',
  'body.targetings': 'targetings',
};

/** Where the form shows what the server says of what was sent; undefined where it has no such field. */
export function placeOf(location: string, sent: FlagDraft): Place | undefined {
  const field = FIELDS[location];
  if (field) return field;
  const fallback = /^body\.default_variant(?:\.(.*))?$/s.exec(location);
  if (fallback) return `default/${partOf(fallback[1], sent)}`;
  const [, list, index, rest] = /^body\.(variants|targetings)\[(\d+)\](?:\.(.*))?$/s.exec(location) ?? [];
  const key = list && sent[list as 'variants' | 'targetings'][Number(index)]?.key;
  if (!key) return undefined;
  if (list === 'variants') return `variants/${key}/${rest === 'description' || rest === 'value' ? rest : 'name'}`;
  const part = rest === 'name' || rest === 'rule' ? rest : partOf(rest, sent);
  return `targetings/${key}/${part}`;
}

function partOf(rest: string | undefined, sent: FlagDraft): string {
  if (rest === undefined) return 'variant';
  for (const [pattern, place] of STRATEGY) if (pattern.test(rest)) return rest.replace(pattern, place);
  const name = /^distribution\.(.*)$/s.exec(rest)?.[1];
  const key = sent.variants.find((variant) => variant.name.trim().slice(0, 200) === name)?.key;
  return name === undefined ? 'variant' : key ? `shares/${key}` : 'shares';
}

/** All that the server says, by place. @returns what has none as well. */
export function placed(errors: readonly FieldError[], sent: FlagDraft): { at: Problems; rest: readonly FieldError[] } {
  const at = new Map<Place, string>();
  const rest: FieldError[] = [];
  for (const error of errors) {
    const place = placeOf(error.location, sent);
    if (place === undefined) rest.push(error);
    else at.set(place, at.has(place) ? `${at.get(place)}; ${error.message}` : error.message);
  }
  return { at, rest };
}

/** The part of a draft that a place is in: while it is the same object, what was said of it still holds. */
export function partAt(draft: FlagDraft, place: Place): unknown {
  const [head = '', key] = place.split('/');
  if (head === 'default') return draft.fallback;
  if (key === undefined) return draft[head as keyof FlagDraft];
  return draft[head as 'variants' | 'targetings'].find((part) => part.key === key);
}

/** Which of the flag's pages shows the place. */
export function pageOf(place: Place): 'settings' | 'variants' | 'targeting' {
  if (place.startsWith('variants')) return 'variants';
  return /^(?:default|targetings)/.test(place) ? 'targeting' : 'settings';
}

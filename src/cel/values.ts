import type { JsonObject } from '../http/json.js';
import type { RuleFailure } from './rule-failure.js';

/**
 * What a rule computes with. Numbers of JavaScript are doubles, and bigints are ints of 64 bits; what JSON and JavaScript have no equivalent
 * of is a class below `Special`, which tells it from the objects of a context: those are maps.
 */
export type Value = null | boolean | number | bigint | string | Special | readonly Value[] | JsonObject;

export type Result = Value | RuleFailure;

export abstract class Special {
  abstract readonly type: string;
}

export class Uint extends Special {
  readonly type = 'uint';

  constructor(readonly value: bigint) {
    super();
  }
}

export class Bytes extends Special {
  readonly type = 'bytes';

  constructor(readonly data: Uint8Array) {
    super();
  }
}

/** An instant in nanoseconds since 1970. */
export class Timestamp extends Special {
  readonly type = 'google.protobuf.Timestamp';

  constructor(readonly nanos: bigint) {
    super();
  }
}

export class Duration extends Special {
  readonly type = 'google.protobuf.Duration';

  constructor(readonly nanos: bigint) {
    super();
  }
}

export class TypeValue extends Special {
  readonly type = 'type';

  constructor(readonly name: string) {
    super();
  }
}

/** A map that a rule writes: its keys may be ints, uints, booleans and strings. */
export class CelMap extends Special {
  readonly type = 'map';
  readonly #entries = new Map<Key, readonly [Value, Value]>();

  get size(): number {
    return this.#entries.size;
  }

  get keys(): Value[] {
    return Array.from(this.#entries.values(), ([key]) => key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)?.[1];
  }

  set(key: Key, original: Value, value: Value): void {
    this.#entries.set(key, [original, value]);
  }
}

/** A key without its type, so that equal numbers find the same entry. */
type Key = string | boolean | bigint;

/** @returns undefined for what equals no key of any map. */
export function keyOf(value: Value): Key | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return value instanceof Uint ? value.value : undefined;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** An object of the context. */
export function isObject(value: Value): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Special);
}

/** The name of a value's type, as `type()` gives it. */
export function typeOf(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'double';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'null_type';
      if (Array.isArray(value)) return 'list';
      return value instanceof Special ? value.type : 'map';
  }
}

export const MIN_INT = -(2n ** 63n);
export const MAX_INT = 2n ** 63n - 1n;
export const MAX_UINT = 2n ** 64n - 1n;

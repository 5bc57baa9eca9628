import type { Meter } from './meter.js';
import { CelMap, isObject, keyOf } from './values.js';
import type { Value } from './values.js';

/**
 * The entry of a map. Of an object only its own properties: `constructor` and `toString` are names like others.
 *
 * @returns undefined for none, and for values that are no maps.
 */
export function select(meter: Meter, map: Value, key: Value): Value | undefined {
  if (typeof key === 'string' && key.length > 32) meter.spend(key.length >> 4);
  if (map instanceof CelMap) {
    const normal = keyOf(key);
    return normal === undefined ? undefined : map.get(normal);
  }
  if (typeof key !== 'string' || !isObject(map)) return undefined;
  return Object.hasOwn(map, key) ? (map[key] as Value) : undefined;
}

export function isMap(value: Value): boolean {
  return value instanceof CelMap || isObject(value);
}

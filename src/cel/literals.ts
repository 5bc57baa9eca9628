import type { ASTNode } from '@marcbachmann/cel-js';
import type { Compilation, Evaluate } from './evaluation.js';
import { RuleFailure } from './rule-failure.js';
import { CelMap, keyOf } from './values.js';
import type { Value } from './values.js';

export function compileList(compilation: Compilation, node: ASTNode & { op: 'list' }): Evaluate {
  const items = node.args.map((item) => compilation.compile(item));
  return (frame) => {
    const values: Value[] = [];
    for (const item of items) {
      const value = item(frame);
      if (value instanceof RuleFailure) return value;
      values.push(value);
    }
    return values;
  };
}

/** What an entry of a map costs. */
const ENTRY = 8;

export function compileMap(compilation: Compilation, node: ASTNode & { op: 'map' }): Evaluate {
  const unfit = compilation.failure(node, 'the key of a map is an int, a uint, a boolean or a text');
  const twice = compilation.failure(node, 'the map has the same key twice');
  const entries = node.args.map(([key, value]) => [compilation.compile(key), compilation.compile(value)] as const);
  compilation.cost += ENTRY * entries.length;
  return (frame) => {
    const map = new CelMap();
    for (const [evaluateKey, evaluateValue] of entries) {
      const key = evaluateKey(frame);
      if (key instanceof RuleFailure) return key;
      const value = evaluateValue(frame);
      if (value instanceof RuleFailure) return value;
      const normal = typeof key === 'number' ? undefined : keyOf(key);
      if (normal === undefined) return unfit;
      if (typeof normal === 'string') frame.meter.spend(normal.length >> 4);
      if (map.has(normal)) return twice;
      map.set(normal, key, value);
    }
    return map;
  };
}

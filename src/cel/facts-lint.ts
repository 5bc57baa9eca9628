import type { FactNode, FactShape } from './fact-shape.js';

interface FactProblem {
  readonly index: number;
  readonly message: string;
  readonly params: Record<string, string>;
}

/**
 * What is wrong with a path below the root of facts, which the rule reads: the first name that does not exist, with its index among the names.
 *
 * @param from the index of the first name that is to be told of.
 */
export function problemOfFacts(
  shape: FactShape,
  root: string,
  names: readonly string[],
  from: number,
): FactProblem | undefined {
  let node = shape.roots.find(({ name }) => name === root);
  for (const [index, name] of names.entries()) {
    if (!node || node.type === 'dyn') return undefined;
    const child = childOf(node, name);
    if (!child && index >= from) {
      return { index, ...problemOf(node, name, [root, ...names.slice(0, index + 1)].join('.')) };
    }
    node = child;
  }
  return undefined;
}

function problemOf(node: FactNode, name: string, path: string): Omit<FactProblem, 'index'> {
  const message = `${path} does not exist`;
  if (node.type !== 'object' && node.type !== 'map')
    return { message: `${message}: ${node.name} is a ${node.type}`, params: { path } };
  const similar = nearest(name, node.fields?.map((field) => field.name) ?? []);
  if (similar === undefined) return { message, params: { path } };
  return { message: `${message}; did you mean ${similar}?`, params: { path, similar } };
}

/** @returns undefined where there is none, and below what may be anything. */
function childOf(node: FactNode, name: string): FactNode | undefined {
  if (node.type === 'map') return node.values ?? { name, type: 'dyn' };
  if (node.type === 'dyn') return node;
  return node.fields?.find((field) => field.name === name);
}

/** The name with the fewest differences, if they are few. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, name.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = distanceOf(name.slice(0, 64).toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance: how many characters to insert, remove or replace. */
function distanceOf(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length]!;
}

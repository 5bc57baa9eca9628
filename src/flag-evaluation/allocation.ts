import type { Allocation, PercentageRollout } from './definition.js';

/** Buckets of a flag: a share is a whole number of them, so one hundredth of a per cent is the smallest. */
export const BUCKETS = 10_000;

type Weights = Readonly<Record<string, number>>;

/**
 * The buckets of a new distribution: variants of no weight are dropped, the others walked in order, and each has the buckets below its
 * cumulative share that those before it left. Integer arithmetic, exact for 100 weights of up to 1e9.
 *
 * @param order the ids of all variants in the kept order.
 * @returns empty where there is no weight at all.
 */
export function allocate(order: readonly string[], weights: Weights): Allocation {
  const sum = sumOf(order, weights);
  let cumulative = 0;
  let begin = 0;
  const segments: [string, number][] = [];
  for (const id of order) {
    const weight = weightOf(id, weights);
    if (weight === 0) continue;
    cumulative += weight;
    // Bucket b is below the share when b * sum < cumulative * BUCKETS, which is at most 1e15.
    const end = divideUp(cumulative * BUCKETS, sum);
    if (end > begin) segments.push([id, end - begin]);
    begin = end;
  }
  return segments;
}

/**
 * The buckets of a distribution that was changed. A variant whose share is the same keeps its buckets, one whose share grows loses none and
 * one whose share shrinks gets none, so that only those move who must. What is lost is first what the walk of `allocate` would give to a
 * variant that grows, then the highest; so a walked allocation of two variants stays one, and a change that is undone leaves no trace.
 *
 * @param previous the distribution and its allocation until now.
 * @param order the ids of all variants in the kept order; those that are not among them lose everything.
 */
export function reallocate(
  previous: Pick<PercentageRollout, 'distribution' | 'allocation'>,
  order: readonly string[],
  weights: Weights,
): Allocation {
  const walked = allocate(order, weights);
  if (walked.length === 0 || totalOf(previous.allocation) !== BUCKETS) return walked;
  const targets = targetsOf(previous, order, weights, countsOf(walked));
  const held = countsOf(previous.allocation);
  // From here on variants are numbers: a flag has up to 200 rollouts, and each 10,000 buckets.
  const ids = [...new Set([...order, ...held.keys()])];
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const owners = ownersOf(previous.allocation, numbers);
  const homes = ownersOf(walked, numbers);
  const surplus = Int32Array.from(ids, (id) => Math.max((held.get(id) ?? 0) - (targets.get(id) ?? 0), 0));
  const lack = Int32Array.from(ids, (id) => Math.max((targets.get(id) ?? 0) - (held.get(id) ?? 0), 0));
  for (const onlyWanted of [true, false]) {
    for (let bucket = BUCKETS - 1; bucket >= 0; bucket--) {
      const owner = owners[bucket]!;
      if (owner === NOBODY || surplus[owner] === 0 || (onlyWanted && lack[homes[bucket]!] === 0)) continue;
      surplus[owner]!--;
      owners[bucket] = NOBODY;
    }
  }
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const home = homes[bucket]!;
    if (owners[bucket] !== NOBODY || lack[home] === 0) continue;
    owners[bucket] = home;
    lack[home]!--;
  }
  // Those of `order` come first in the numbers, in that order.
  let growing = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (owners[bucket] !== NOBODY) continue;
    while (lack[growing] === 0) growing++;
    owners[bucket] = growing;
    lack[growing]!--;
  }
  return segmentsOf(owners, ids);
}

/**
 * How many buckets each variant is to have: as many as the walk gives it, within what it has now where its share moved the other way or not at
 * all. What rounding leaves over goes to, or comes from, whoever is farthest from its share.
 */
function targetsOf(
  previous: Pick<PercentageRollout, 'distribution' | 'allocation'>,
  order: readonly string[],
  weights: Weights,
  walked: ReadonlyMap<string, number>,
): Map<string, number> {
  const before = Object.keys(previous.distribution);
  const sumBefore = BigInt(sumOf(before, previous.distribution));
  const sum = sumOf(order, weights);
  const held = countsOf(previous.allocation);
  const limits = new Map<string, readonly [least: number, most: number]>();
  const targets = new Map<string, number>();
  for (const id of order) {
    const count = held.get(id) ?? 0;
    const now = BigInt(weightOf(id, weights)) * sumBefore;
    const then = BigInt(weightOf(id, previous.distribution)) * BigInt(sum);
    const weightless = weightOf(id, weights) === 0;
    const [least, most] = weightless ? [0, 0] : [now >= then ? count : 0, now <= then ? count : BUCKETS];
    limits.set(id, [least, most]);
    targets.set(id, Math.min(Math.max(walked.get(id) ?? 0, least), most));
  }
  let over = -BUCKETS;
  for (const target of targets.values()) over += target;
  for (; over !== 0; over -= Math.sign(over)) {
    const step = -Math.sign(over);
    let best: string | undefined;
    let farthest = -Infinity;
    for (const id of order) {
      const target = targets.get(id)!;
      const [least, most] = limits.get(id)!;
      if (step > 0 ? target >= most : target <= least) continue;
      const distance = step * (weightOf(id, weights) * BUCKETS - target * sum);
      if (distance > farthest) [best, farthest] = [id, distance];
    }
    // Only an allocation that is not its distribution's leaves nobody.
    if (best === undefined) return new Map(walked);
    targets.set(best, targets.get(best)! + step);
  }
  return targets;
}

const weightOf = (id: string, weights: Weights): number => Math.max(Object.hasOwn(weights, id) ? weights[id]! : 0, 0);

const sumOf = (ids: readonly string[], weights: Weights): number =>
  ids.reduce((sum, id) => sum + weightOf(id, weights), 0);

/** The quotient of two integers, rounded up. */
const divideUp = (dividend: number, divisor: number): number =>
  (dividend + ((divisor - (dividend % divisor)) % divisor)) / divisor;

function countsOf(allocation: Allocation): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [id, count] of allocation) counts.set(id, (counts.get(id) ?? 0) + count);
  return counts;
}

const totalOf = (allocation: Allocation): number => allocation.reduce((total, [, count]) => total + count, 0);

const NOBODY = -1;

/** For each bucket who has it. */
function ownersOf(allocation: Allocation, numbers: ReadonlyMap<string, number>): Int32Array {
  const owners = new Int32Array(BUCKETS);
  let begin = 0;
  for (const [id, count] of allocation) owners.fill(numbers.get(id)!, begin, (begin += count));
  return owners;
}

function segmentsOf(owners: Int32Array, ids: readonly string[]): Allocation {
  const segments: [string, number][] = [];
  for (let begin = 0, end = 0; begin < owners.length; begin = end) {
    const owner = owners[begin]!;
    while (owners[end] === owner) end++;
    segments.push([ids[owner]!, end - begin]);
  }
  return segments;
}

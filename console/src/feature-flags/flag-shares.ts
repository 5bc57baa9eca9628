/** Shares by the key of a variant, as they are typed. */
export interface SharesDraft {
  /** What the API was given need not add up to 100: it stays as it is until somebody wants percentages. */
  readonly unit: 'percent' | 'weight';
  readonly of: Readonly<Record<string, string>>;
}

export const SPLIT: SharesDraft = { unit: 'percent', of: {} };

/** Hundredths of a percent are what the server can tell apart. */
const FINEST = 100;
const MOST_WEIGHT = 1_000_000_000;

export function weightsOf(
  distribution: Readonly<Record<string, number>>,
  keyOf: (name: string) => string,
): SharesDraft {
  const entries = Object.entries(distribution);
  const sum = entries.reduce((total, [, weight]) => total + weight, 0);
  const factor = sum === 100 * FINEST ? FINEST : 1;
  return {
    unit: sum === 100 || sum === 100 * FINEST ? 'percent' : 'weight',
    of: Object.fromEntries(entries.map(([name, weight]) => [keyOf(name), String(weight / factor)])),
  };
}

export function writeShares({ unit, of }: SharesDraft, nameOf: (key: string) => string): Record<string, number> {
  const given = Object.entries(of).filter(([key, text]) => text.trim() !== '' && nameOf(key) !== '');
  const isWhole = given.every(([, text]) => Number.isInteger(numberIn(text)));
  const factor = unit === 'percent' && !isWhole ? FINEST : 1;
  return Object.fromEntries(given.map(([key, text]) => [nameOf(key), Math.round((numberIn(text) ?? 0) * factor)]));
}

/** Empty is none; a comma is as good as a point. @returns undefined where the text is no number. */
export function numberIn(text: string): number | undefined {
  const tidy = text.trim().replace(',', '.');
  if (tidy === '') return 0;
  return /^\d+(?:\.\d+)?$/.test(tidy) ? Number(tidy) : undefined;
}

export type ShareProblem = 'percent' | 'weight' | undefined;

export function shareProblem(unit: SharesDraft['unit'], text: string): ShareProblem {
  const number = numberIn(text);
  const isFine =
    number !== undefined &&
    (unit === 'percent'
      ? number <= 100 && Math.abs(number * FINEST - Math.round(number * FINEST)) < 1e-6
      : Number.isInteger(number) && number <= MOST_WEIGHT);
  return isFine ? undefined : unit;
}

/** Of those variants that there are; in hundredths of a percent where it is about percentages, so that 0.1 and 0.2 make 0.3. */
export function sumOf({ of }: SharesDraft, keys: readonly string[]): number {
  const sum = keys.reduce((total, key) => total + Math.round((numberIn(of[key] ?? '') ?? 0) * FINEST), 0);
  return sum / FINEST;
}

/** The nearest percentages that add up: the largest remainders are rounded up. */
export function asPercent({ of }: SharesDraft, keys: readonly string[]): SharesDraft {
  const weights = keys.map((key) => numberIn(of[key] ?? '') ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (sum > 0 ? weight / sum : 1 / keys.length) * 100 * FINEST);
  const parts = exact.map(Math.floor);
  const order = exact.map((share, index) => [share - parts[index]!, index] as const).sort(([a], [b]) => b - a);
  let left = 100 * FINEST - parts.reduce((total, part) => total + part, 0);
  for (const [, index] of order) if (left-- > 0) parts[index]!++;
  return { unit: 'percent', of: Object.fromEntries(keys.map((key, index) => [key, String(parts[index]! / FINEST)])) };
}

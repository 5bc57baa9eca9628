import type { JsonObject } from '../http/json.js';

export type FlagType = 'boolean' | 'string' | 'number' | 'object';

/** A flag as it is stored. Variants are meant by their ids everywhere, so that a rename moves nobody. */
export interface FlagDefinition {
  id: string;
  slug: string;
  /** What is hashed before the targeting key: the slug at creation, whatever the flag is called later. */
  salt: string;
  type: FlagType;
  enabled: boolean;
  metadata: JsonObject;
  /** In the kept order: by name at creation, later ones at the end. */
  variants: Variant[];
  defaultVariant: Strategy;
  targetings: Targeting[];
  version: string;
}

export interface Variant {
  id: string;
  name: string;
  description: string;
  value: unknown;
}

export type Strategy = Basic | DateRollout | PercentageRollout;

/** What a rule gives to those whom it matches; the first that matches counts. */
export type Targeting = Strategy & { name: string; rule: string };

export interface Basic {
  type: 'basic';
  /** The id of a variant. */
  variant: string;
}

/** Before the start everybody has the start's variant, after the end the end's, and in between its share moves with time. */
export interface DateRollout {
  type: 'rollout_date';
  start: Step;
  end: Step;
}

export interface Step {
  /** The id of a variant. */
  variant: string;
  /** How many have the end's variant, 0 to 100. */
  percentage: number;
  /** RFC 3339. */
  date: string;
}

export interface PercentageRollout {
  type: 'rollout_percentage';
  /** Ids of variants and their weights: integers from 0 to 1e9, at most 100 of them, so that sums are exact. */
  distribution: Record<string, number>;
  allocation: Allocation;
}

/** Who has which buckets, from bucket 0 on: ids of variants and how many in a row, which add up to `BUCKETS`. See allocation.ts. */
export type Allocation = readonly (readonly [variant: string, count: number])[];

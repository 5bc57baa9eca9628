import { SLUG_PATTERN } from '../http/fields.js';
import type { JsonObject } from '../http/json.js';
import { isUuid } from '../http/uuid.js';

/** Whom an evaluation's facts are about. Texts that no slug or id looks like are left out, so that they cost no look-up. */
export interface FactsSubject {
  /** Wins over the slug: it never changes. */
  readonly instanceId?: string;
  readonly instanceSlug?: string;
  readonly customerSlug?: string;
}

/**
 * Reads whom a context names: an instance as `kaiten.instanceId` or `kaiten.instanceSlug`, as one key or as two within each other, and a
 * customer by the targeting key.
 *
 * @returns undefined for nobody.
 */
export function subjectOf(context: JsonObject, targetingKey: string | undefined): FactsSubject | undefined {
  const own = context.kaiten as JsonObject | null | undefined;
  const instanceId = uuidOf(context['kaiten.instanceId'] ?? own?.instanceId);
  const instanceSlug =
    instanceId === undefined ? slugOf(context['kaiten.instanceSlug'] ?? own?.instanceSlug) : undefined;
  const customerSlug = slugOf(targetingKey);
  if (instanceId === undefined && instanceSlug === undefined && customerSlug === undefined) return undefined;
  return { instanceId, instanceSlug, customerSlug };
}

const uuidOf = (value: unknown): string | undefined =>
  typeof value === 'string' && isUuid(value) ? value.toLowerCase() : undefined;

const LONGEST_SLUG = 100;

const slugOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= LONGEST_SLUG && SLUG_PATTERN.test(value) && !isUuid(value)
    ? value
    : undefined;

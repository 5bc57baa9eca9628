import { ApiExtraModels, ApiSchema } from '@nestjs/swagger';
import { Choice, Flag, JsonDocument, Paragraphs, ReadOnly, Slug, Text } from '../../http/fields.js';
import { InputRules } from '../../http/input-fields.js';
import { PartOfKind, Parts, PartsOfKinds } from '../../http/nested-fields.js';
import { AuthoredDto, authorshipOf } from '../../users/authored.dto.js';
import type { FeatureFlag } from '../feature-flag.entity.js';
import { FLAG_TYPES } from '../feature-flag.entity.js';
import type { FlagType } from '../../flag-evaluation/definition.js';
import { judgeFlag } from '../flag.rules.js';
import { MOST_TARGETINGS, MOST_VARIANTS } from '../limits.js';
import { showStrategy, showTargeting } from '../stored-strategies.js';
import type { StrategyDto } from './strategy.dto.js';
import { STRATEGIES } from './strategy.dto.js';
import type { TargetingDto } from './targeting.dto.js';
import { TARGETINGS } from './targeting.dto.js';
import { EXAMPLE_VARIANTS, VariantDto } from './variant.dto.js';

/** A schema that no class has: see `flag.schemas.ts`. */
const named = (name: string): object => ({ type: 'object', allOf: [{ $ref: `#/components/schemas/${name}` }] });

const EXAMPLE_IDS = ['7c9e6679-7425-40de-944b-e07fc1f90ae7', '2f1d6f5a-94c5-4f3b-8a3b-5f0b9b6c7d8e'];

/** One schema for requests and answers, as in the contract. */
@ApiSchema({ name: 'FeatureFlag' })
@ApiExtraModels(...Object.values(STRATEGIES), ...Object.values(TARGETINGS))
@InputRules(judgeFlag)
export class FeatureFlagDto extends AuthoredDto {
  @ReadOnly({ type: 'string', description: 'Never changes.', example: '1b4e28ba-2fa1-41d2-883f-0016d3cca427' })
  id: string;

  @Text(1, 255, { description: 'What people call it. Need not be unique.', example: 'New checkout' })
  name: string;

  @Slug({
    answered: true,
    description:
      'The key that applications ask for. Unique in the organization. Made from the name when left out; PUT may change it, which moves no user.',
    example: 'new-checkout',
  })
  slug?: string;

  @Paragraphs(10_000, { nullable: true, description: 'What it is for.', example: 'The checkout in one page.' })
  description: string | null;

  @Choice(FLAG_TYPES, { description: 'What its values are.' })
  type: FlagType;

  @Flag({ description: 'Off: everybody gets the default, and no rule is run.', example: true })
  enabled: boolean;

  @Text(0, 255, { description: 'Name for the event of an evaluation.', example: 'new_checkout_evaluated' })
  event_name: string;

  @JsonDocument(64 * 1024, {
    description:
      'Any JSON object of up to 64 KiB. Texts, numbers and booleans in it go with each evaluation; `fallback_value` is for code generators.',
    example: { owner: 'checkout-team' },
  })
  metadata: Record<string, unknown>;

  @Parts(VariantDto, MOST_VARIANTS, {
    nullable: true,
    description: 'One or more, in the order in which they are shown.',
    example: EXAMPLE_VARIANTS.map((variant, index) => ({ id: EXAMPLE_IDS[index], ...variant })),
  })
  variants: VariantDto[] | null;

  @PartOfKind(STRATEGIES, named('DefaultVariant'), { description: 'What those get for whom no targeting holds.' })
  default_variant: StrategyDto;

  @PartsOfKinds(TARGETINGS, MOST_TARGETINGS, named('Targetings'), {
    nullable: true,
    description: 'The first whose rule holds decides.',
  })
  targetings: TargetingDto[] | null;

  @ReadOnly(
    { type: 'integer', minimum: 0 },
    {
      optional: true,
      description:
        'In lists: evaluations through OFREP in the steps of five minutes that began within the last hour; the last minute may not be complete. ' +
        'Absent elsewhere, and where nothing is counted (FLAG_EVALUATION_COUNTS).',
      example: 1_290,
    },
  )
  evaluationsLastHour?: number;

  static from(row: FeatureFlag): FeatureFlagDto {
    const byId = new Map(row.variants.map((variant) => [variant.id, variant]));
    return {
      id: row.id,
      name: row.name,
      slug: row.slug,
      description: row.description,
      type: row.type,
      enabled: row.enabled,
      event_name: row.eventName,
      metadata: row.metadata,
      variants: row.variantOrder.map((id) => byId.get(id)!),
      default_variant: showStrategy(row.defaultVariant, byId),
      targetings: row.targetings.map((targeting) => showTargeting(targeting, byId)),
      evaluationsLastHour: row.evaluationsLastHour,
      ...authorshipOf(row),
    };
  }
}

import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { FlagType } from '../flag-evaluation/definition.js';
import { FALLBACK_VALUE } from './served-flag.js';

/** Types that code is generated for. OpenFeature's tools tell whole numbers from others, which a flag's type does not. */
const MANIFEST_TYPES = ['boolean', 'string', 'integer', 'float', 'object'] as const;

/** What the manifest says of a flag. */
export interface ManifestSource {
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly type: FlagType;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly variants: readonly { readonly value: unknown }[];
}

@ApiSchema({ name: 'ManifestFlag' })
export class ManifestFlagDto {
  @ApiProperty({ type: 'string', description: "The flag's slug.", example: 'new-checkout' })
  key: string;

  @ApiProperty({
    type: 'string',
    description: "The flag's type; numbers are integers if all of its values are.",
    enum: MANIFEST_TYPES,
  })
  type: (typeof MANIFEST_TYPES)[number];

  @ApiProperty({
    description: 'The `fallback_value` of its metadata.',
    oneOf: ['boolean', 'string', 'number', 'object'].map((type) => ({ type })),
    example: false,
  })
  defaultValue: unknown;

  @ApiProperty({ type: 'string', required: false, description: 'What people call it.', example: 'New checkout' })
  name?: string;

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'What it is for.',
    example: 'The checkout in one page.',
  })
  description?: string;

  static from(flag: ManifestSource): ManifestFlagDto {
    const defaultValue = flag.metadata[FALLBACK_VALUE];
    return {
      key: flag.slug,
      type: typeOf(flag, defaultValue),
      defaultValue,
      name: flag.name,
      description: flag.description ?? undefined,
    };
  }
}

@ApiSchema({ name: 'ManifestEnvelope' })
export class ManifestEnvelopeDto {
  @ApiProperty({ type: [ManifestFlagDto], description: 'Flags that have a fallback value, by slug.' })
  flags: ManifestFlagDto[];
}

function typeOf({ type, variants }: ManifestSource, defaultValue: unknown): ManifestFlagDto['type'] {
  if (type !== 'number') return type;
  const values = [defaultValue, ...variants.map(({ value }) => value)];
  return values.every((value) => Number.isInteger(value)) ? 'integer' : 'float';
}

import { ApiSchema } from '@nestjs/swagger';
import { InputField } from '../../http/input-fields.js';
import { Paragraphs, ReadOnly, Text } from '../../http/fields.js';
import { JsonValue } from '../../http/nested-fields.js';

export const VALUE = {
  oneOf: [{ type: 'boolean' }, { type: 'string' }, { type: 'number' }, { type: 'object', additionalProperties: true }],
};

/** One of the values that a flag may have. */
@ApiSchema({ name: 'Variant' })
export class VariantDto {
  /** It is read all the same: the last decorator is applied first. */
  @InputField()
  @ReadOnly(
    { type: 'string' },
    {
      optional: true,
      description: 'Never changes. A PUT that echoes it may rename the variant and move it; on create it is ignored.',
      example: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    },
  )
  id?: unknown;

  @Text(1, 255, { description: 'Unique in the flag.', example: 'on' })
  name: string;

  @Paragraphs(10_000, { description: 'What it is for.', example: 'The new checkout.' })
  description: string;

  @JsonValue(VALUE, { description: "What the flag is then, of the flag's type; up to 64 KiB.", example: true })
  value: unknown;
}

/** A flag of type boolean has these, as a rule. */
export const EXAMPLE_VARIANTS = [
  { name: 'on', description: 'The new checkout.', value: true },
  { name: 'off', description: 'The one before.', value: false },
];

import { MOST_TARGETINGS } from '../limits.js';
import { STRATEGIES } from './strategy.dto.js';
import { TARGETINGS } from './targeting.dto.js';

const reference = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** `BasicDto` is the class of the schema `Basic`. */
const schemaOf = ({ name }: { readonly name: string }): string => name.replace(/Dto$/, '');

/** The schemas that are a choice between others, which no class is. */
export function flagSchemas(): Record<string, Record<string, unknown>> {
  const kinds = Object.entries(STRATEGIES).map(([type, dto]) => [type, schemaOf(dto)] as const);
  return {
    DefaultVariant: {
      description: 'What those get for whom no targeting holds.',
      oneOf: kinds.map(([, name]) => reference(name)),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(kinds.map(([type, name]) => [type, reference(name).$ref])),
      },
      example: { type: 'basic', value: 'on' },
    },
    Targetings: {
      type: 'array',
      nullable: true,
      maxItems: MOST_TARGETINGS,
      description: 'The first whose rule holds decides.',
      items: { anyOf: Object.values(TARGETINGS).map((dto) => reference(schemaOf(dto))) },
      example: [{ type: 'basic', name: 'enterprise', rule: "plan == 'enterprise'", variant: 'on' }],
    },
  };
}

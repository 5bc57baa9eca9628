import type { FactNode, FactShape } from '../cel/fact-shape.js';

const text = (name: string, description: string): FactNode => ({ name, type: 'string', description, optional: true });

/**
 * What rules may read besides the attributes that callers send: what an editor offers, what lint checks paths against, and what facts
 * are made to. All of it may be absent, since a caller may name no instance and no customer.
 */
export const FACT_SHAPE: FactShape = {
  roots: [
    text('targetingKey', 'Who asks, as the caller says. A customer may be named by its slug.'),
    {
      name: '__kaiten',
      type: 'object',
      description: 'What the server knows. Whatever callers send under this name is dropped.',
      fields: [
        {
          name: 'instance',
          type: 'object',
          description:
            'The instance that the context names in `kaiten.instanceSlug` or `kaiten.instanceId`, or the oldest one of the customer. Empty when there is none.',
          fields: [
            text('id', 'Never changes.'),
            text('slug', 'Unique in the organization.'),
            text('name', 'What people call it.'),
            text('status', 'HEALTHY, DEGRADED, INCIDENT or MAINTENANCE.'),
            text('lifecycleStage', 'Where it is in its life.'),
            {
              name: 'metadata',
              type: 'map',
              description: 'Whatever you keep there.',
              optional: true,
              values: { name: 'value', type: 'dyn', description: 'Any JSON value.' },
            },
          ],
        },
        {
          name: 'customer',
          type: 'object',
          description: "The instance's customer, or the one whose slug the targeting key is. Empty when there is none.",
          fields: [
            text('id', 'Never changes.'),
            text('name', 'What people call it.'),
            text('slug', 'Unique in the organization.'),
            text('externalCustomerId', 'The id that the customer has in a system of yours.'),
            text('domain', 'Internet domain.'),
          ],
        },
      ],
    },
  ],
};

import { Choice, QueryInteger, Text } from '../http/fields.js';

export const DEFAULT_LIMIT = 50;

const SORTABLE = ['name', 'createdAt', 'updatedAt', 'slug'] as const;
export type SortField = (typeof SORTABLE)[number];
export type Sort = SortField | `-${SortField}`;

const both = <F extends SortField>(fields: readonly F[]): (F | `-${F}`)[] =>
  fields.flatMap((name): (F | `-${F}`)[] => [name, `-${name}`]);

/** What every list takes. A subclass adds the list's filters, as fields named like the properties that they compare. */
export class ListQuery {
  @QueryInteger(1, 200, { description: `Rows on a page; ${DEFAULT_LIMIT} unless given.` })
  limit?: number;

  @Text(1, 4096, { optional: true, description: '`nextCursor` of the page before, with the same sort and filters.' })
  cursor?: string;

  @Choice(both(SORTABLE), {
    optional: true,
    description: 'Order; a minus for descending. Names are compared in lower case.',
  })
  sort?: Sort;

  @Text(1, 200, {
    optional: true,
    description: 'Text that must be part of a name, a slug or another identifying field, in any case.',
  })
  q?: string;
}

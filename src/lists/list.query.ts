import { Choice, QueryInteger, Text } from '../http/fields.js';

export const DEFAULT_LIMIT = 50;

const SORTABLE = ['name', 'createdAt', 'updatedAt', 'slug'] as const;
/** What lists can be sorted by: all of them by some of `SORTABLE`, some by other fields as well. */
export type SortField = (typeof SORTABLE)[number] | 'expiresAt' | 'lastUsedAt';
export type Sort = SortField | `-${SortField}`;

/** Each of the fields, and each of them descending. */
export const both = <F extends SortField>(fields: readonly F[]): (F | `-${F}`)[] =>
  fields.flatMap((name): (F | `-${F}`)[] => [name, `-${name}`]);

/** Which page of a list. */
export class PageQuery {
  @QueryInteger(1, 200, { description: `Rows on a page; ${DEFAULT_LIMIT} unless given.` })
  limit?: number;

  @Text(1, 4096, { optional: true, description: '`nextCursor` of the page before, with the same sort and filters.' })
  cursor?: string;
}

/** For `q`. */
export const Searched = (): PropertyDecorator =>
  Text(1, 200, {
    optional: true,
    description: 'Text that must be part of a name, a slug or another identifying field, in any case.',
  });

/** What `ResourceReader` reads a page by. */
export type ListRequest = PageQuery & { readonly sort?: Sort; readonly q?: string };

/** What most lists take. A subclass adds the list's filters, as fields named like the properties that they compare. */
export class ListQuery extends PageQuery {
  @Choice(both(SORTABLE), {
    optional: true,
    description: 'Order; a minus for descending. Names are compared in lower case.',
  })
  sort?: Sort;

  @Searched()
  q?: string;
}

import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  readonly total: number;
  readonly totalIsLowerBound?: true;
  readonly hasMore: boolean;
  readonly nextCursor?: string;
}

export const emptyPage = <T>(): Page<T> => ({ items: [], total: 0, hasMore: false });

/** The page's schema for a resource, named as the contract names it: PageCustomer. */
export function pageOf<T>(item: Type<T>): Type<Page<T>> {
  class PageOf {
    @ApiProperty({ type: [item], description: 'The rows of this page.' })
    items: T[];

    @ApiProperty({ type: 'integer', minimum: 0, description: 'Rows of the whole list, not of the page.', example: 3 })
    total: number;

    @ApiProperty({ type: 'boolean', enum: [true], required: false, description: 'There are more than `total` rows.' })
    totalIsLowerBound?: true;

    @ApiProperty({ type: 'boolean', description: 'Whether there is a next page.', example: true })
    hasMore: boolean;

    @ApiProperty({
      type: 'string',
      required: false,
      description: 'For `cursor` of the next request. Absent on the last page.',
      example: 'AXh5enpB',
    })
    nextCursor?: string;
  }
  Object.defineProperty(PageOf, 'name', { value: `Page${item.name.replace(/Dto$/, '')}` });
  return PageOf;
}

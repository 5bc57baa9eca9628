import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { Injectable, Query } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { validationFailed } from './problem.js';
import { validateInput } from './validation.js';

/** A query string, read: a name that was given twice has a list of values. */
export type RawQuery = Readonly<Record<string, string | readonly string[]>>;

const EMPTY: RawQuery = Object.freeze(Object.create(null) as RawQuery);
const parsed = new LRUCache<string, RawQuery>({ max: 1000 });

/**
 * Express's query parser. What a text means never changes, so the last texts' meanings are kept: the same object for the same text,
 * which `QueryPipe` relies on.
 */
export function parseQuery(text: string | null | undefined): RawQuery {
  if (!text) return EMPTY;
  const known = parsed.get(text);
  if (known) return known;
  const query = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    if (before === undefined) query[name] = value;
    else if (typeof before === 'string') query[name] = [before, value];
    else before.push(value);
  }
  parsed.set(text, query);
  return query;
}

/** Validates the query as the parameter's class. The outcome is kept with the parsed query, for as long as that is. */
@Injectable()
class QueryPipe implements PipeTransform<RawQuery, object> {
  private readonly validated = new WeakMap<RawQuery, object>();

  transform(query: RawQuery, { metatype }: ArgumentMetadata): object {
    let value = this.validated.get(query);
    if (!value) {
      assertSingleValues(query);
      value = Object.freeze(validateInput(metatype as Type<object>, { ...query }, 'query'));
      this.validated.set(query, value);
    }
    return value;
  }
}

function assertSingleValues(query: RawQuery): void {
  const doubled = Object.entries(query).filter(([, value]) => typeof value !== 'string');
  if (doubled.length === 0) return;
  throw validationFailed(
    doubled.map(([name]) => ({
      location: `query.${name.slice(0, 200)}`,
      message: 'must be given once',
      value: undefined,
    })),
  );
}

/** The validated query string, as an instance of the parameter's class, frozen. */
export const QueryParams = (): ParameterDecorator => Query(new QueryPipe());

import type { QueryClient } from '@tanstack/react-query';
import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { api, ApiError, body } from '../api/client';
import type { operations } from '../api/schema';

export type Flag = Schemas['FeatureFlag'];
export type FlagInput = Schemas['FeatureFlagInput'];
export type FlagType = Flag['type'];
export type Variant = Schemas['Variant'];
export type Strategy = Schemas['DefaultVariant'];
export type Targeting = NonNullable<Schemas['Targetings']>[number];

export type ListQuery = NonNullable<operations['get-feature-flags']['parameters']['query']>;
export type Order = NonNullable<ListQuery['sort']>;

/** A flag, and what a change of it has to name so that nobody else's is lost. */
export interface Tagged {
  readonly flag: Flag;
  readonly etag: string;
}

export const flagsQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: ['flags', 'list', query],
    queryFn: ({ signal }) => body(api.GET('/feature-flags', { params: { query }, signal })),
  });

/** How many are on and off. Beside the lists, so that it is read anew when they are. */
export const flagCountsQuery = queryOptions({
  queryKey: ['flags', 'list', 'counts'],
  queryFn: async ({ signal }) => {
    const { counts } = await body(api.GET('/feature-flags', { params: { query: { limit: 1 } }, signal }));
    return counts!;
  },
});

/** @param reference slug or id. */
export const flagQuery = (reference: string) =>
  queryOptions({
    queryKey: ['flags', 'one', reference],
    queryFn: async ({ signal }): Promise<Tagged> => {
      const path = { featureFlagSlug: reference };
      const request = api.GET('/feature-flags/{featureFlagSlug}', { params: { path }, signal });
      const flag = await body(request);
      return { flag, etag: (await request).response.headers.get('ETag') ?? '' };
    },
  });

const HOUR_MS = 3_600_000;

/** Evaluations of the last hour: whom a change concerns. */
export const lastHourQuery = (reference: string) =>
  queryOptions({
    queryKey: ['flags', 'last-hour', reference],
    queryFn: ({ signal }) => {
      const now = Date.now();
      const query = { from: new Date(now - HOUR_MS).toISOString(), to: new Date(now).toISOString(), step: 300 };
      const path = { featureFlagSlug: reference };
      return body(api.GET('/feature-flags/{featureFlagSlug}/evaluations', { params: { path, query }, signal }));
    },
    staleTime: 0,
  });

export const createFlag = (input: FlagInput): Promise<Flag> => body(api.POST('/feature-flags', { body: input }));

/** @param etag of the flag that is replaced. @throws ApiError 412 when it is not that one any more. */
export const replaceFlag = (id: string, input: FlagInput, etag: string): Promise<unknown> =>
  body(
    api.PUT('/feature-flags/{featureFlagSlug}', {
      params: { path: { featureFlagSlug: id }, header: { 'If-Match': etag } },
      body: input,
    }),
  );

export const deleteFlag = (id: string): Promise<unknown> =>
  body(api.DELETE('/feature-flags/{featureFlagSlug}', { params: { path: { featureFlagSlug: id } } }));

export const isChangedMeanwhile = (error: unknown): boolean => error instanceof ApiError && error.status === 412;

/** What a PUT sends back of a flag that was read: all of it, with the variants' ids. */
export const inputOf = (flag: Flag): FlagInput => ({
  name: flag.name,
  slug: flag.slug,
  description: flag.description,
  type: flag.type,
  enabled: flag.enabled,
  event_name: flag.event_name,
  metadata: flag.metadata,
  variants: flag.variants,
  default_variant: flag.default_variant,
  targetings: flag.targetings,
});

/** Reads a flag anew, and shows it wherever it is shown. */
export const readAgain = (queries: QueryClient, reference: string): Promise<Tagged> =>
  queries.fetchQuery({ ...flagQuery(reference), staleTime: 0 });

const TAKEN = ['new', 'switch'];

/** How an address names it. A slug that an address has for something else gives way to the id. */
export const referenceOf = ({ id, slug }: { readonly id: string; readonly slug: string }): string =>
  TAKEN.includes(slug) ? id : slug;

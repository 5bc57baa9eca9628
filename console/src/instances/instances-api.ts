import { queryOptions } from '@tanstack/react-query';
import type { Schemas, Tagged } from '../api/client';
import { api, body, tagged } from '../api/client';
import type { operations } from '../api/schema';

export type Instance = Schemas['Instance'];
export type ReadInstance = Instance & Tagged;
export type Patch = Schemas['PatchInstanceBody'];

/** The stages that the API suggests; others are the organization's own words. */
export const STAGES = ['TRIAL', 'ACTIVE', 'AT_RISK', 'CHURNED'] as const;

export const isKnownStage = (text: unknown): text is (typeof STAGES)[number] => STAGES.includes(text as 'TRIAL');

export type InstancesQuery = NonNullable<operations['getInstances']['parameters']['query']>;
export type Order = NonNullable<InstancesQuery['sort']>;

export const instancesQuery = (query: InstancesQuery) =>
  queryOptions({
    queryKey: ['instances', 'list', query],
    queryFn: ({ signal }) => body(api.GET('/instances', { params: { query }, signal })),
  });

/** @param reference slug or id. */
export const instanceQuery = (reference: string) =>
  queryOptions({
    queryKey: ['instances', 'one', reference],
    queryFn: ({ signal }) =>
      tagged(api.GET('/instances/{instanceSlug}', { params: { path: { instanceSlug: reference } }, signal })),
  });

/** The stages that instances have now, the first ones by name. */
export const stagesQuery = queryOptions({
  queryKey: ['instances', 'stages'],
  queryFn: ({ signal }) => body(api.GET('/lifecycle-stages', { signal })),
});

/** What a person may say of an instance in its form. Dates are days of UTC. */
export interface InstanceFields {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly customerId: string;
  readonly from: string;
  readonly until: string;
}

const dayOf = (time: string | undefined): string => time?.slice(0, 10) ?? '';

export const fieldsOf = (instance: Instance): InstanceFields => ({
  name: instance.name,
  slug: instance.slug,
  description: instance.description,
  customerId: instance.customerId,
  from: dayOf(instance.startLicenseDate),
  until: dayOf(instance.endLicenseDate),
});

export const createInstance = (fields: InstanceFields): Promise<Instance> =>
  body(api.POST('/instances', { body: inputOf(fields) }));

/**
 * PUT replaces: what a form does not show is sent as it is.
 *
 * @param present as the server has it now. A day that is not changed keeps its time.
 * @throws ApiError 412 when it is not that version any more.
 */
export function replaceInstance(present: ReadInstance, fields: InstanceFields): Promise<unknown> {
  const { id, etag, startLicenseDate, endLicenseDate, licenseId, deploymentZoneId, metadata } = present;
  const input = inputOf(fields);
  if (fields.from === dayOf(startLicenseDate)) input.startLicenseDate = startLicenseDate;
  if (fields.until === dayOf(endLicenseDate)) input.endLicenseDate = endLicenseDate;
  return body(
    api.PUT('/instances/{instanceSlug}', {
      params: { path: { instanceSlug: id }, header: { 'If-Match': etag } },
      body: { ...input, licenseId, deploymentZoneId, metadata },
    }),
  );
}

/** @param etag the version that it must be; whichever it is when left out. */
export const patchInstance = (id: string, patch: Patch, etag?: string): Promise<unknown> =>
  body(
    api.PATCH('/instances/{instanceSlug}', {
      params: { path: { instanceSlug: id }, header: { 'If-Match': etag } },
      body: patch,
    }),
  );

export const deleteInstance = (id: string): Promise<unknown> =>
  body(api.DELETE('/instances/{instanceSlug}', { params: { path: { instanceSlug: id } } }));

function inputOf({ name, slug, description, customerId, from, until }: InstanceFields): Schemas['InstanceInput'] {
  return {
    name,
    slug: slug || undefined,
    description,
    customerId,
    startLicenseDate: from ? `${from}T00:00:00Z` : undefined,
    endLicenseDate: until ? `${until}T00:00:00Z` : undefined,
  };
}

import { queryOptions } from '@tanstack/react-query';
import type { Schemas, Tagged } from '../api/client';
import { api, body, tagged } from '../api/client';
import type { operations } from '../api/schema';

export type Customer = Schemas['Customer'];
export type ReadCustomer = Customer & Tagged;

/** What a person may say of a customer. */
export interface CustomerFields {
  readonly name: string;
  readonly domain: string;
  readonly externalCustomerId: string;
}

export const fieldsOf = ({ name, domain, externalCustomerId }: Customer): CustomerFields => ({
  name,
  domain: domain ?? '',
  externalCustomerId: externalCustomerId ?? '',
});

export type ListQuery = NonNullable<operations['list-customers']['parameters']['query']>;
export type Order = NonNullable<ListQuery['sort']>;

const listCustomers = (query: ListQuery, signal?: AbortSignal) =>
  body(api.GET('/customers', { params: { query }, signal }));

export const customersQuery = (query: ListQuery) =>
  queryOptions({ queryKey: ['customers', 'list', query], queryFn: ({ signal }) => listCustomers(query, signal) });

/** @param reference slug or id. */
export const customerQuery = (reference: string) =>
  queryOptions({
    queryKey: ['customers', 'one', reference],
    queryFn: ({ signal }) =>
      tagged(api.GET('/customers/{customerSlug}', { params: { path: { customerSlug: reference } }, signal })),
  });

export const createCustomer = (fields: CustomerFields, slug: string): Promise<Customer> =>
  body(api.POST('/customers', { body: { ...inputOf(fields), slug: slug || undefined } }));

/** @throws ApiError 412 when it is not the version any more that was read. */
export const replaceCustomer = ({ id, etag }: ReadCustomer, fields: CustomerFields): Promise<unknown> =>
  body(
    api.PUT('/customers/{customerSlug}', {
      params: { path: { customerSlug: id }, header: { 'If-Match': etag } },
      body: inputOf(fields),
    }),
  );

export const deleteCustomer = (id: string): Promise<unknown> =>
  body(api.DELETE('/customers/{customerSlug}', { params: { path: { customerSlug: id } } }));

/** What is empty is left out: PUT clears it then. */
const inputOf = ({ name, domain, externalCustomerId }: CustomerFields) => ({
  name,
  domain: domain || undefined,
  externalCustomerId: externalCustomerId || undefined,
});

/** How an address names it. A slug that an address has for something else gives way to the id. */
export const referenceOf = ({ id, slug }: { readonly id: string; readonly slug: string }): string =>
  slug === 'new' ? id : slug;

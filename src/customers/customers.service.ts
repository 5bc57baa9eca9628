import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Author } from '../database/authored.entity.js';
import { AUTHORSHIP, authoredBy, updatedBy } from '../database/authored.entity.js';
import { isForeignKeyViolation, isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { updateRow } from '../database/update-row.js';
import { entityTag, heldBy, satisfiesIfMatch } from '../http/entity-tags.js';
import { slugFixed } from '../http/resource-problems.js';
import type { ListQuery } from '../lists/list.query.js';
import type { Page } from '../lists/page.dto.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import { insertWithSlug } from '../slugs/slug.js';
import { Customer } from './customer.entity.js';
import { customerChanged, customerHasInstances, customerNotFound, customerSlugTaken } from './customers.errors.js';
import { CustomerDto } from './dto/customer.dto.js';

/** What a request may say of a customer. */
type CustomerInput = Pick<CustomerDto, 'name' | 'slug' | 'domain' | 'externalCustomerId'>;

@Injectable()
export class CustomersService {
  private readonly reader: ResourceReader<Customer>;
  /** The same rows with what answers show beside them, which takes longer. */
  private readonly shown: ResourceReader<Customer>;

  constructor(
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    readers: ResourceReaders,
  ) {
    const definition = {
      entity: Customer,
      notFound: customerNotFound,
      actors: AUTHORSHIP,
      sort: ['name', 'createdAt', 'updatedAt', 'slug'] as const,
    };
    this.reader = readers.for(definition);
    this.shown = readers.for({ ...definition, computed: { instanceCount } });
  }

  list(query: ListQuery): Promise<Page<CustomerDto>> {
    return this.shown.list(query, CustomerDto.from);
  }

  /** @param reference slug or id. @throws Problem 404 */
  get(reference: string): Promise<Customer> {
    return this.reader.get(reference);
  }

  /** The same with how many instances it has. @throws Problem 404 */
  show(reference: string): Promise<Customer> {
    return this.shown.get(reference);
  }

  find(reference: string): Promise<Customer | undefined> {
    return this.reader.find(reference);
  }

  /** @throws Problem 409 when the given slug is taken. */
  create(input: CustomerInput, author: Author): Promise<Customer> {
    return insertWithSlug({
      given: input.slug,
      name: input.name,
      insert: (slug) =>
        insertRow(this.customers.manager, Customer, { ...writable(input), slug, ...authoredBy(author) }),
      isTaken: (error) => isUniqueViolation(error, 'customers_slug_key'),
      conflict: customerSlugTaken,
    });
  }

  /**
   * Replaces all but the slug.
   *
   * @param ifMatch the request's If-Match, if it has one. @returns the new version.
   * @throws Problem 404, 412 when `ifMatch` names other versions only, 422 for another slug.
   */
  async replace(reference: string, input: CustomerInput, author: Author, ifMatch?: string): Promise<string> {
    const customer = await this.get(reference);
    if (!satisfiesIfMatch(ifMatch, entityTag(customer.version))) throw customerChanged();
    if (input.slug !== undefined && input.slug !== customer.slug) throw slugFixed(input.slug);
    const changes = { ...writable(input), ...updatedBy(author) };
    const version = await updateRow(this.customers, heldBy(ifMatch, customer), changes);
    if (version !== undefined) return version;
    throw (await this.find(customer.id)) ? customerChanged() : customerNotFound(reference);
  }

  /** @throws Problem 404, 400 while the customer has instances, 412 when `ifMatch` names other versions only. */
  async remove(reference: string, ifMatch?: string): Promise<void> {
    const customer = await this.get(reference);
    if (!satisfiesIfMatch(ifMatch, entityTag(customer.version))) throw customerChanged();
    try {
      const { affected } = await this.customers.delete(heldBy(ifMatch, customer));
      if (affected === 0) throw (await this.find(customer.id)) ? customerChanged() : customerNotFound(reference);
    } catch (error) {
      if (!isForeignKeyViolation(error, 'instances_customer_id_fkey')) throw error;
      throw customerHasInstances(await this.countInstances(customer.id));
    }
  }

  /** A count for a refusal; the table is the instances', whose module depends on this one. */
  private async countInstances(id: string): Promise<number> {
    const [row] = await this.customers.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM instances WHERE customer_id = $1',
      [id],
    );
    return row!.count;
  }
}

/** The table is the instances', as above. An index has them by customer, so a page of 50 customers takes 50 short looks at it. */
const instanceCount = (customer: string): string =>
  `(SELECT count(*)::int FROM instances WHERE instances.customer_id = ${customer}.id)`;

/** What a request may set, with what it left out cleared: PUT replaces. */
function writable(input: CustomerInput): Pick<Customer, 'name' | 'domain' | 'externalCustomerId'> {
  return { name: input.name, domain: input.domain ?? null, externalCustomerId: input.externalCustomerId ?? null };
}

import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Author } from '../database/authored.entity.js';
import { AUTHORSHIP, authoredBy, updatedBy } from '../database/authored.entity.js';
import { isForeignKeyViolation, isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { slugFixed } from '../http/resource-problems.js';
import type { ListQuery } from '../lists/list.query.js';
import type { Page } from '../lists/page.dto.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import { insertWithSlug } from '../slugs/slug.js';
import { Customer } from './customer.entity.js';
import { customerHasInstances, customerNotFound, customerSlugTaken } from './customers.errors.js';
import { CustomerDto } from './dto/customer.dto.js';

/** What a request may say of a customer. */
type CustomerInput = Pick<CustomerDto, 'name' | 'slug' | 'domain' | 'externalCustomerId'>;

@Injectable()
export class CustomersService {
  private readonly reader: ResourceReader<Customer>;

  constructor(
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    readers: ResourceReaders,
  ) {
    this.reader = readers.for({
      entity: Customer,
      notFound: customerNotFound,
      actors: AUTHORSHIP,
      sort: ['name', 'createdAt', 'updatedAt', 'slug'],
    });
  }

  list(query: ListQuery): Promise<Page<CustomerDto>> {
    return this.reader.list(query, CustomerDto.from);
  }

  /** @param reference slug or id. @throws Problem 404 */
  get(reference: string): Promise<Customer> {
    return this.reader.get(reference);
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

  /** Replaces all but the slug. @throws Problem 404, 422 for another slug. */
  async replace(reference: string, input: CustomerInput, author: Author): Promise<void> {
    const customer = await this.get(reference);
    if (input.slug !== undefined && input.slug !== customer.slug) throw slugFixed(input.slug);
    const { affected } = await this.customers.update(customer.id, { ...writable(input), ...updatedBy(author) });
    if (affected === 0) throw customerNotFound(reference);
  }

  /** @throws Problem 404, 400 while the customer has instances. */
  async remove(reference: string): Promise<void> {
    const customer = await this.get(reference);
    try {
      const { affected } = await this.customers.delete(customer.id);
      if (affected === 0) throw customerNotFound(reference);
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

/** What a request may set, with what it left out cleared: PUT replaces. */
function writable(input: CustomerInput): Pick<Customer, 'name' | 'domain' | 'externalCustomerId'> {
  return { name: input.name, domain: input.domain ?? null, externalCustomerId: input.externalCustomerId ?? null };
}

import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CustomersService } from '../customers/customers.service.js';
import { customerNotFound } from '../customers/customers.errors.js';
import type { Author } from '../database/authored.entity.js';
import { AUTHORSHIP, authoredBy, updatedBy } from '../database/authored.entity.js';
import { isForeignKeyViolation, isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { updateRow } from '../database/update-row.js';
import { entityTag, heldBy, satisfiesIfMatch } from '../http/entity-tags.js';
import type { Problem } from '../http/problem.js';
import type { Page } from '../lists/page.dto.js';
import { emptyPage } from '../lists/page.dto.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import { insertWithSlug } from '../slugs/slug.js';
import type { PatchInstanceDto } from './dto/instance.dto.js';
import { InstanceDto } from './dto/instance.dto.js';
import type { ListInstancesQuery } from './dto/list-instances.query.js';
import { Instance } from './instance.entity.js';
import {
  deploymentZoneNotFound,
  instanceChanged,
  instanceNotFound,
  instanceSlugTaken,
  licenseEndMissing,
  licenseNotFound,
  licensePeriodInverted,
} from './instances.errors.js';

const isSlugTaken = (error: unknown): boolean => isUniqueViolation(error, 'instances_slug_key');
const isCustomerGone = (error: unknown): boolean => isForeignKeyViolation(error, 'instances_customer_id_fkey');

/** What a request may say of an instance. */
type InstanceInput = Omit<InstanceDto, ReadOnlyField>;
type ReadOnlyField =
  | 'id'
  | 'customerSlug'
  | 'customerName'
  | 'licenseSlug'
  | 'status'
  | 'lifecycleStage'
  | 'createdBy'
  | 'createdAt'
  | 'updatedBy'
  | 'updatedAt';

@Injectable()
export class InstancesService {
  private readonly reader: ResourceReader<Instance>;

  constructor(
    @InjectRepository(Instance) private readonly instances: Repository<Instance>,
    private readonly customers: CustomersService,
    readers: ResourceReaders,
  ) {
    this.reader = readers.for({
      entity: Instance,
      notFound: instanceNotFound,
      actors: AUTHORSHIP,
      references: { customer_id: { table: 'customers', shown: { slug: 'customerSlug', name: 'customerName' } } },
      conditions: {
        'with stage': (row) => `${row}.lifecycle_stage IS NOT NULL`,
        'without stage': (row) => `${row}.lifecycle_stage IS NULL`,
      },
      sort: ['name', 'createdAt', 'updatedAt', 'slug'],
    });
  }

  /** A filter for a customer that does not exist has no rows. */
  async list(query: ListInstancesQuery): Promise<Page<InstanceDto>> {
    const { customerId: reference, status, lifecycleStage, hasLifecycleStage } = query;
    const customerId = reference === undefined ? undefined : (await this.customers.find(reference))?.id;
    if (reference !== undefined && customerId === undefined) return emptyPage();
    const condition = hasLifecycleStage === undefined ? undefined : hasLifecycleStage ? 'with stage' : 'without stage';
    return this.reader.list(query, InstanceDto.from, { filters: { customerId, status, lifecycleStage }, condition });
  }

  /** @param reference slug or id. @throws Problem 404 */
  get(reference: string): Promise<Instance> {
    return this.reader.get(reference);
  }

  find(reference: string): Promise<Instance | undefined> {
    return this.reader.find(reference);
  }

  /** @throws Problem 404 for the customer, the licence or the zone; 409 when the given slug is taken. */
  async create(input: InstanceInput, author: Author): Promise<Instance> {
    const customer = await this.customers.get(input.customerId);
    assertReferences(input);
    const period = licensePeriod(input, new Date());
    return insertWithSlug({
      given: input.slug,
      name: input.name,
      insert: (slug) =>
        insertRow(this.instances.manager, Instance, {
          ...writable(input),
          ...period,
          slug,
          customerId: customer.id,
          customerSlug: customer.slug,
          customerName: customer.name,
          ...authoredBy(author),
        }),
      isTaken: isSlugTaken,
      conflict: instanceSlugTaken,
    }).catch((error: unknown) => {
      throw isCustomerGone(error) ? customerNotFound(input.customerId) : error;
    });
  }

  /**
   * Replaces all but status and lifecycle stage; the slug and the license dates stay when left out.
   *
   * @param ifMatch the request's If-Match, if it has one. @returns the new version.
   * @throws Problem 404, 409, 412 when `ifMatch` names other versions only, 422.
   */
  async replace(reference: string, input: InstanceInput, author: Author, ifMatch?: string): Promise<string> {
    const instance = await this.getIfMatch(reference, ifMatch);
    const customer = await this.customers.get(input.customerId);
    assertReferences(input);
    const period = licensePeriod({
      startLicenseDate: input.startLicenseDate ?? instance.licenseStartsAt,
      endLicenseDate: input.endLicenseDate ?? instance.licenseEndsAt,
    });
    const slug = input.slug ?? instance.slug;
    try {
      return await this.change(instance, ifMatch, {
        ...writable(input),
        ...period,
        slug,
        customerId: customer.id,
        ...updatedBy(author),
      });
    } catch (error) {
      if (isSlugTaken(error)) throw instanceSlugTaken(slug);
      throw isCustomerGone(error) ? customerNotFound(input.customerId) : error;
    }
  }

  /**
   * Changes what is given.
   *
   * @param ifMatch the request's If-Match, if it has one. @returns the version after it.
   * @throws Problem 404, 412 when `ifMatch` names other versions only.
   */
  async patch(reference: string, input: PatchInstanceDto, author: Author, ifMatch?: string): Promise<string> {
    const instance = await this.getIfMatch(reference, ifMatch);
    const { status, lifecycleStage, metadata } = input;
    const changes = {
      ...(status && { status }),
      ...(lifecycleStage && { lifecycleStage }),
      ...(metadata && { metadata }),
    };
    if (Object.keys(changes).length === 0) return instance.version;
    return this.change(instance, ifMatch, { ...changes, ...updatedBy(author) });
  }

  /** @throws Problem 404, 412 when `ifMatch` names other versions only. */
  async remove(reference: string, ifMatch?: string): Promise<void> {
    const instance = await this.getIfMatch(reference, ifMatch);
    const { affected } = await this.instances.delete(heldBy(ifMatch, instance));
    if (affected === 0) throw await this.missed(instance);
  }

  private async getIfMatch(reference: string, ifMatch: string | undefined): Promise<Instance> {
    const instance = await this.get(reference);
    if (!satisfiesIfMatch(ifMatch, entityTag(instance.version))) throw instanceChanged();
    return instance;
  }

  private async change(
    instance: Instance,
    ifMatch: string | undefined,
    changes: Parameters<Repository<Instance>['update']>[1],
  ): Promise<string> {
    const version = await updateRow(this.instances, heldBy(ifMatch, instance), changes);
    if (version !== undefined) return version;
    throw await this.missed(instance);
  }

  /** Why an instance that was there is not the one to be written any more. */
  private async missed({ id, slug }: Instance): Promise<Problem> {
    return (await this.find(id)) ? instanceChanged() : instanceNotFound(slug);
  }
}

function writable(input: InstanceInput): Pick<Instance, 'name' | 'description' | 'metadata'> {
  return { name: input.name, description: input.description ?? '', metadata: input.metadata ?? {} };
}

/** @throws Problem 404: neither licences nor deployment zones exist yet. */
function assertReferences(input: InstanceInput): void {
  if (input.licenseId !== undefined) throw licenseNotFound(input.licenseId);
  if (input.deploymentZoneId !== undefined) throw deploymentZoneNotFound(input.deploymentZoneId);
}

/** @throws Problem 422 when it would end before it starts. */
function licensePeriod(
  input: Pick<InstanceInput, 'startLicenseDate' | 'endLicenseDate'>,
  now = new Date(),
): Pick<Instance, 'licenseStartsAt' | 'licenseEndsAt'> {
  const licenseStartsAt = input.startLicenseDate ?? now;
  const licenseEndsAt = input.endLicenseDate ?? aYearAfter(licenseStartsAt);
  if (licenseEndsAt.getUTCFullYear() > 9999) throw licenseEndMissing();
  if (licenseEndsAt < licenseStartsAt) throw licensePeriodInverted(licenseEndsAt);
  return { licenseStartsAt, licenseEndsAt };
}

/** The same day next year, UTC; 28 February for 29 February. */
function aYearAfter(date: Date): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + 1);
  if (later.getUTCMonth() !== date.getUTCMonth()) later.setUTCDate(0);
  return later;
}

import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Author } from '../database/authored.entity.js';
import { AUTHORSHIP, authoredBy, updatedBy } from '../database/authored.entity.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { slugFixed } from '../http/resource-problems.js';
import type { Page } from '../lists/page.dto.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import { insertWithSlug } from '../slugs/slug.js';
import { TokenChanges } from '../tokens/token-changes.js';
import { TokenCounts } from '../tokens/token-counts.js';
import { TokensService } from '../tokens/tokens.service.js';
import { User } from '../users/user.entity.js';
import type { ListServiceAccountsQuery } from './dto/list-service-accounts.query.js';
import { ServiceAccountDto } from './dto/service-account.dto.js';
import { ServiceAccount } from './service-account.entity.js';
import { serviceAccountNotFound, serviceAccountSlugTaken } from './service-accounts.errors.js';

@Injectable()
export class ServiceAccountsService {
  private readonly reader: ResourceReader<ServiceAccount>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: TokensService,
    private readonly tokenCounts: TokenCounts,
    private readonly tokenChanges: TokenChanges,
    readers: ResourceReaders,
  ) {
    this.reader = readers.for({
      entity: ServiceAccount,
      notFound: serviceAccountNotFound,
      actors: AUTHORSHIP,
      sort: ['name', 'createdAt', 'updatedAt', 'slug'],
    });
  }

  async list(query: ListServiceAccountsQuery): Promise<Page<ServiceAccountDto>> {
    const page = await this.reader.list(query, (account) => account);
    return { ...page, items: await this.show(page.items, query.tokens !== 'none') };
  }

  /** @param reference slug or id. @throws Problem 404 */
  get(reference: string): Promise<ServiceAccount> {
    return this.reader.get(reference);
  }

  find(reference: string): Promise<ServiceAccount | undefined> {
    return this.reader.find(reference);
  }

  /** @throws Problem 404 */
  async getWithTokens(reference: string): Promise<ServiceAccountDto> {
    const [shown] = await this.show([await this.get(reference)]);
    return shown!;
  }

  private async show(accounts: readonly ServiceAccount[], withTokens = true): Promise<ServiceAccountDto[]> {
    const ids = accounts.map(({ id }) => id);
    const [tokens, held] = await Promise.all([this.tokens.newestOf(withTokens ? ids : []), this.tokenCounts.of(ids)]);
    return accounts.map((account) => ServiceAccountDto.from(account, tokens.get(account.id), held.get(account.id)));
  }

  /** @throws Problem 409 when the given slug is taken. */
  create(input: Pick<ServiceAccountDto, 'name' | 'slug'>, author: Author): Promise<ServiceAccount> {
    const { name } = input;
    return insertWithSlug({
      given: input.slug,
      name,
      insert: (slug) =>
        this.dataSource.transaction(async (manager) => {
          const id = randomUUID();
          const externalId = `sa_${id.replaceAll('-', '')}`;
          await insertRow(manager, User, { id, kind: 'machine', externalId, name });
          return insertRow(manager, ServiceAccount, { id, name, slug, externalId, ...authoredBy(author) });
        }),
      isTaken: (error) => isUniqueViolation(error, 'service_accounts_slug_key'),
      conflict: serviceAccountSlugTaken,
    });
  }

  /** Renames it, also in what it has made. @throws Problem 404, 422 for another slug. */
  async rename(reference: string, input: ServiceAccountDto, author: Author): Promise<void> {
    const { id, slug } = await this.get(reference);
    if (input.slug !== undefined && input.slug !== slug) throw slugFixed(input.slug);
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(ServiceAccount, id, { name: input.name, ...updatedBy(author) });
      if (affected === 0) throw serviceAccountNotFound(reference);
      await manager.update(User, id, { name: input.name });
    });
    await this.tokenChanges.settled();
  }

  /** Deletes the account and revokes its tokens, in one transaction. Its user stays, for the sake of what it made. @throws Problem 404 */
  async remove(reference: string, author: Author): Promise<void> {
    const { id } = await this.get(reference);
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.delete(ServiceAccount, id);
      if (affected === 0) throw serviceAccountNotFound(reference);
      await this.tokens.revokeAllOf(id, author, manager);
    });
    await this.tokenChanges.settled();
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EntityManager, IsNull, Repository } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Author } from '../database/authored.entity.js';
import { prepared } from '../database/prepared-client.js';
import { isUuid } from '../http/uuid.js';
import type { Page } from '../lists/page.dto.js';
import { emptyPage } from '../lists/page.dto.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import type { ListAllTokensQuery, ListTokensQuery } from './dto/list-tokens.query.js';
import { TOKEN_SORT } from './dto/list-tokens.query.js';
import type { TokenCountsDto, TokenPageDto, TokenStateDaysDto } from './dto/token-page.dto.js';
import { HeldTokenDto, TokenDto } from './dto/token.dto.js';
import { TokenChanges } from './token-changes.js';
import { NO_TOKENS, TokenCounts } from './token-counts.js';
import type { HeldToken } from './token.entity.js';
import { Token } from './token.entity.js';
import { tokenStateSql } from './token-states.js';
import { tokenNotFound } from './tokens.errors.js';

/** Tokens shown inside of their account. */
const NEWEST = 100;

/** Reads and revokes tokens; `TokenMint` makes them. */
@Injectable()
export class TokensService {
  private readonly ofAccount: ResourceReader<Token>;
  private readonly ofOrganization: ResourceReader<HeldToken>;
  private readonly stateDays: TokenStateDaysDto;

  constructor(
    @InjectRepository(Token) private readonly tokens: Repository<Token>,
    private readonly changes: TokenChanges,
    private readonly counts: TokenCounts,
    @Inject(ENV) env: Env,
    readers: ResourceReaders,
  ) {
    this.stateDays = { expiring: env.tokenExpiringDays, idle: env.tokenIdleDays };
    const { conditions, standing } = tokenStateSql(env);
    const definition = {
      entity: Token,
      notFound: tokenNotFound,
      actors: { createdByName: 'created_by_id', revokedByName: 'revoked_by_id' },
      references: {
        replaces_id: { table: 'tokens', shown: { slug: 'replacesSlug' } },
        replaced_by_id: { table: 'tokens', shown: { slug: 'replacedBySlug' } },
      },
      computed: standing,
      conditions,
      sort: TOKEN_SORT,
    };
    this.ofAccount = readers.for<Token>({ ...definition, parent: 'serviceAccountId' });
    this.ofOrganization = readers.for<HeldToken>({
      ...definition,
      // The account's user stays when the account is deleted.
      actors: { ...definition.actors, serviceAccountName: 'service_account_id' },
      references: {
        ...definition.references,
        service_account_id: { table: 'service_accounts', shown: { slug: 'serviceAccountSlug' } },
      },
    });
  }

  list(serviceAccountId: string, query: ListTokensQuery): Promise<Page<TokenDto>> {
    return this.ofAccount.list(query, TokenDto.from, { filters: { serviceAccountId }, condition: query.state });
  }

  /**
   * The whole organization's, those of deleted accounts included, or one account's; one that does not exist has none. Only a first page has
   * counts, unless it is asked for without: they cost more than the page.
   */
  async listAll(query: ListAllTokensQuery): Promise<TokenPageDto> {
    const { serviceAccount, state: condition, cursor, counts: isCounted = true } = query;
    const serviceAccountId = serviceAccount === undefined ? undefined : await this.findHolder(serviceAccount);
    const counted = (counts: TokenCountsDto): Partial<TokenPageDto> => ({ counts, stateDays: this.stateDays });
    if (serviceAccountId === null) return { ...emptyPage(), ...(isCounted && counted(NO_TOKENS.counts)) };
    const selection = { filters: { serviceAccountId }, condition };
    const page = await this.ofOrganization.list(query, HeldTokenDto.from, selection);
    if (cursor !== undefined || !isCounted) return page;
    if (serviceAccountId === undefined) return { ...page, ...counted(await this.counts.ofAll()) };
    const { counts } = (await this.counts.of([serviceAccountId])).get(serviceAccountId)!;
    return { ...page, ...counted(counts) };
  }

  /** @param reference slug or id. @param manager a transaction's, to see what it has done. @throws Problem 404 */
  get(serviceAccountId: string, reference: string, manager?: EntityManager): Promise<Token> {
    return this.ofAccount.get(reference, serviceAccountId, manager);
  }

  /** The account's id; null for a slug that is none's. The table is the accounts', whose module depends on this one. */
  private async findHolder(reference: string): Promise<string | null> {
    if (isUuid(reference)) return reference;
    const [row] = await this.tokens.query<{ id: string }[]>(FIND_HOLDER, [reference]);
    return row?.id ?? null;
  }

  /** The newest tokens of each of the accounts. */
  async newestOf(serviceAccountIds: readonly string[]): Promise<Map<string, TokenDto[]>> {
    if (serviceAccountIds.length === 0) return new Map();
    const rows = await this.ofAccount.select(NEWEST_TOKENS, [serviceAccountIds, NEWEST]);
    const tokens = new Map(serviceAccountIds.map((id): [string, TokenDto[]] => [id, []]));
    for (const row of rows) tokens.get(row.serviceAccountId)!.push(TokenDto.from(row));
    return tokens;
  }

  /** From the answer on the token is refused. Revoking it again changes nothing. @throws Problem 404 */
  async revoke(serviceAccountId: string, reference: string, author: Author): Promise<void> {
    const { id } = await this.get(serviceAccountId, reference);
    await this.tokens.update({ id, revokedAt: IsNull() }, revocation(author));
    await this.changes.settled();
  }

  /** Revokes the account's token of this name, unless a rotation has made or replaced it: somebody else counts on it then. */
  async revokeNamed(serviceAccountId: string, name: string, author: Author): Promise<void> {
    const unrotated = { replacesId: IsNull(), replacedAt: IsNull() };
    await this.tokens.update({ serviceAccountId, name, revokedAt: IsNull(), ...unrotated }, revocation(author));
    await this.changes.settled();
  }

  /** Revokes all tokens of an account, in the given transaction, after which `TokenChanges` is to be awaited. */
  async revokeAllOf(serviceAccountId: string, author: Author, manager: EntityManager): Promise<void> {
    await manager.query(LOCK_TOKENS, [serviceAccountId]);
    await manager.update(Token, { serviceAccountId, revokedAt: IsNull() }, revocation(author));
  }
}

const FIND_HOLDER = prepared('SELECT id FROM service_accounts WHERE slug = $1');

/** In the order in which `record_token_uses` and `purge_retired_tokens` lock them: none of the three waits for another in a circle. */
const LOCK_TOKENS = prepared(
  'SELECT 1 FROM tokens WHERE service_account_id = $1 AND revoked_at IS NULL ORDER BY id FOR NO KEY UPDATE',
);

/** What an update says of a token that is revoked now. */
export function revocation(author: Author) {
  return { revokedAt: () => 'statement_timestamp()', revokedById: author.userId };
}

const NEWEST_TOKENS = `
  SELECT token.* FROM unnest($1::uuid[]) account (id) CROSS JOIN LATERAL (
    SELECT * FROM tokens WHERE service_account_id = account.id ORDER BY created_at DESC, id DESC LIMIT $2
  ) token`;

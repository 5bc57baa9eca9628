import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EntityManager, IsNull, Repository } from 'typeorm';
import type { Author } from '../database/authored.entity.js';
import type { GrantedScope } from '../auth/scopes.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { prepared } from '../database/prepared-client.js';
import type { ListQuery } from '../lists/list.query.js';
import type { Page } from '../lists/page.dto.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import { insertWithSlug } from '../slugs/slug.js';
import { TokenDto } from './dto/token.dto.js';
import type { PlainTokenDto } from './dto/token.dto.js';
import { assertWithin, parseRequestedScopes } from './requested-scopes.js';
import { generateToken, hashToken } from './token-format.js';
import { Token } from './token.entity.js';
import { expiryInPast, tokenHolderGone, tokenNameTaken, tokenNotFound, tokenSlugTaken } from './tokens.errors.js';

/** Who mints, and what a token of theirs may carry at the most. */
export interface Minter extends Author {
  readonly scopes: readonly GrantedScope[];
}

/** Tokens shown inside of their account. */
const NEWEST = 100;

@Injectable()
export class TokensService {
  private readonly reader: ResourceReader<Token>;

  constructor(
    @InjectRepository(Token) private readonly tokens: Repository<Token>,
    readers: ResourceReaders,
  ) {
    this.reader = readers.for({
      entity: Token,
      notFound: tokenNotFound,
      actors: { createdByName: 'created_by_id', revokedByName: 'revoked_by_id' },
      parent: 'serviceAccountId',
      sort: ['name', 'createdAt', 'slug'],
    });
  }

  list(serviceAccountId: string, query: ListQuery): Promise<Page<TokenDto>> {
    return this.reader.list(query, TokenDto.from, { serviceAccountId });
  }

  /** @param reference slug or id. @throws Problem 404 */
  get(serviceAccountId: string, reference: string): Promise<Token> {
    return this.reader.get(reference, serviceAccountId);
  }

  /** The newest tokens of each of the accounts. */
  async newestOf(serviceAccountIds: readonly string[]): Promise<Map<string, TokenDto[]>> {
    if (serviceAccountIds.length === 0) return new Map();
    const rows = await this.reader.select(NEWEST_TOKENS, [serviceAccountIds, NEWEST]);
    const tokens = new Map(serviceAccountIds.map((id): [string, TokenDto[]] => [id, []]));
    for (const row of rows) tokens.get(row.serviceAccountId)!.push(TokenDto.from(row));
    return tokens;
  }

  /**
   * Mints a token. The answer has the secret; nothing else ever has.
   *
   * @throws Problem 400 for scopes that do not exist or an expiry that has passed, 403 for scopes that the minter lacks, 409 for a name
   * or slug that is taken.
   */
  async create(
    serviceAccountId: string,
    input: Pick<TokenDto, 'name' | 'slug' | 'scopes' | 'expiresAt'>,
    minter: Minter,
  ): Promise<PlainTokenDto> {
    const { name, expiresAt } = input;
    const scopes = parseRequestedScopes(input.scopes);
    assertWithin(scopes, minter.scopes);
    if (expiresAt && expiresAt.getTime() <= Date.now()) throw expiryInPast(expiresAt);
    const secret = generateToken();
    const row = await insertWithSlug({
      given: input.slug,
      name,
      insert: (slug) =>
        this.mint({
          serviceAccountId,
          name,
          slug,
          scopes,
          hash: hashToken(secret),
          lastFour: secret.slice(-4),
          expiresAt: expiresAt ?? null,
          createdById: minter.userId,
          createdByName: minter.userName,
        }),
      isTaken: (error) => isUniqueViolation(error, 'tokens_slug_key'),
      conflict: tokenSlugTaken,
    }).catch((error: unknown) => {
      throw isUniqueViolation(error, 'tokens_name_key') ? tokenNameTaken(name) : error;
    });
    return { ...TokenDto.from(row), token: secret };
  }

  /** Inserts the token unless its account is being deleted, which revokes the tokens that there are. @throws Problem 404 */
  private mint(values: Partial<Token>): Promise<Token> {
    return this.tokens.manager.transaction(async (manager) => {
      const accounts = await manager.query<unknown[]>(LOCK_ACCOUNT, [values.serviceAccountId]);
      if (accounts.length === 0) throw tokenHolderGone();
      return insertRow(manager, Token, values);
    });
  }

  /** From the commit on the token is refused. Revoking it again changes nothing. @throws Problem 404 */
  async revoke(serviceAccountId: string, reference: string, author: Author): Promise<void> {
    const { id } = await this.get(serviceAccountId, reference);
    await this.tokens.update({ id, revokedAt: IsNull() }, revocation(author));
  }

  /** Revokes the account's token of this name, if one is not revoked yet. */
  async revokeNamed(serviceAccountId: string, name: string, author: Author): Promise<void> {
    await this.tokens.update({ serviceAccountId, name, revokedAt: IsNull() }, revocation(author));
  }

  /** Revokes all tokens of an account, in the given transaction. */
  async revokeAllOf(serviceAccountId: string, author: Author, manager: EntityManager): Promise<void> {
    await manager.update(Token, { serviceAccountId, revokedAt: IsNull() }, revocation(author));
  }
}

function revocation(author: Author) {
  return { revokedAt: () => 'statement_timestamp()', revokedById: author.userId };
}

/** The account must not be gone when the token is there. */
const LOCK_ACCOUNT = prepared('SELECT 1 FROM service_accounts WHERE id = $1 FOR KEY SHARE');

const NEWEST_TOKENS = `
  SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY service_account_id ORDER BY created_at DESC, id DESC) AS place
    FROM tokens WHERE service_account_id = ANY ($1)
  ) ranked WHERE place <= $2`;

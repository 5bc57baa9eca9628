import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { GrantedScope } from '../auth/scopes.js';
import type { Author } from '../database/authored.entity.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { prepared } from '../database/prepared-client.js';
import type { Networks } from '../network/networks.js';
import { readNetworks } from '../network/requested-networks.js';
import { insertWithSlug } from '../slugs/slug.js';
import type { Rules } from '../token-policy/token-policy.rules.js';
import { assertWithinPolicy, latestExpiry } from '../token-policy/token-policy.rules.js';
import type { HeldRules } from '../token-policy/token-policy.service.js';
import { TokenPolicyService } from '../token-policy/token-policy.service.js';
import type { RotateTokenDto } from './dto/rotate-token.dto.js';
import type { PlainTokenDto } from './dto/token.dto.js';
import { TokenDto } from './dto/token.dto.js';
import { assertNetworksWithin } from './held-networks.js';
import { assertWithin, parseRequestedScopes } from './requested-scopes.js';
import { TokenChanges } from './token-changes.js';
import { generateToken, hashBytes, hashToken } from './token-format.js';
import { Token } from './token.entity.js';
import {
  expiryInPast,
  tokenAlreadyReplaced,
  tokenHolderGone,
  tokenNameTaken,
  tokenNotFound,
  tokenNotLive,
  tokenSlugTaken,
} from './tokens.errors.js';
import { revocation, TokensService } from './tokens.service.js';

/** Who mints, and what a token of theirs may carry at the most. */
export interface Minter extends Author {
  readonly scopes: readonly GrantedScope[];
  /** Absent: all. */
  readonly networks?: Networks;
}

/** What is asked of a new token. */
export type NewToken = Pick<TokenDto, 'name' | 'slug' | 'scopes' | 'expiresAt' | 'allowedCidrs'>;

/** What a rotation has made. Like what is minted, it is all known before the commit. */
export interface Rotation {
  readonly successor: PlainTokenDto;
  /** When the old token ends; undefined when it has, at once. */
  readonly graceEnds: Date | undefined;
}

/** The last moment that an answer can show. */
const END_OF_TIME = Date.parse('9999-12-31T23:59:59.999Z');

/** Makes tokens: new ones, and those that come in another's place. */
@Injectable()
export class TokenMint {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: TokenPolicyService,
    private readonly tokens: TokensService,
    private readonly changes: TokenChanges,
  ) {}

  /**
   * Mints a token. The answer has the secret; nothing else ever has. What the answer shows is read before the commit: after it, nothing that
   * can fail comes between a token and the only one who will ever know it.
   *
   * @throws Problem 400 for scopes that do not exist, an expiry that has passed or what the organization's policy does not allow, 403 for
   * scopes or networks that the minter lacks, 404 for an account that is gone, 409 for a name or slug that is taken, 422 for networks that are none.
   */
  async create(serviceAccountId: string, input: NewToken, minter: Minter): Promise<PlainTokenDto> {
    const { name, expiresAt = null } = input;
    const scopes = parseRequestedScopes(input.scopes);
    assertWithin(scopes, minter.scopes);
    const allowedCidrs = input.allowedCidrs ? readNetworks(input.allowedCidrs, 'body.allowedCidrs') : null;
    assertNetworksWithin(allowedCidrs, minter.networks, 'CreateToken');
    const secret = generateToken();
    const created = await insertWithSlug({
      given: input.slug,
      name,
      insert: (slug) =>
        this.dataSource.transaction(async (manager) => {
          const { rules, now } = await this.begin(serviceAccountId, manager);
          if (expiresAt && expiresAt <= now) throw expiryInPast('CreateToken', expiresAt);
          assertWithinPolicy(rules, { expiresAt, allowedCidrs }, now);
          const values = { serviceAccountId, name, slug, scopes, expiresAt, allowedCidrs };
          const { id } = await insertToken(manager, { ...values, createdAt: now, createdById: minter.userId }, secret);
          return this.tokens.get(serviceAccountId, id, manager);
        }),
      isTaken: isSlugTaken,
      conflict: tokenSlugTaken,
    }).catch((error: unknown) => {
      throw isUniqueViolation(error, 'tokens_name_key') ? tokenNameTaken(name) : error;
    });
    return { ...TokenDto.from(created), token: secret };
  }

  /**
   * Mints a token with name, scopes and networks of another, which dies after the grace, or before it by its own expiry.
   *
   * @throws Problem 400, 403 and 404 as `create`, and 409 when the other is dead or has been replaced before.
   */
  async rotate(serviceAccountId: string, reference: string, input: RotateTokenDto, minter: Minter): Promise<Rotation> {
    const { id: replacesId, name, scopes, allowedCidrs } = await this.tokens.get(serviceAccountId, reference);
    assertWithin(scopes, minter.scopes, 'RotateToken');
    assertNetworksWithin(allowedCidrs, minter.networks, 'RotateToken');
    const secret = generateToken();
    const { graceSeconds = 0 } = input;
    const { row, oldEnds } = await insertWithSlug({
      given: undefined,
      name,
      isNameTaken: true,
      insert: (slug) =>
        this.dataSource.transaction(async (manager) => {
          const { rules, now } = await this.begin(serviceAccountId, manager);
          const [old] = await manager.query<Replaced[]>(LOCK_TOKEN, [replacesId]);
          if (!old) throw tokenNotFound(reference);
          if (old.replacedAt) throw tokenAlreadyReplaced();
          if (old.revokedAt || (old.expiresAt && old.expiresAt <= now)) throw tokenNotLive(old.revokedAt !== null);

          const expiresAt = input.expiresAt ?? successorsExpiry(old, rules, now);
          if (expiresAt && expiresAt <= now) throw expiryInPast('RotateToken', expiresAt);
          assertWithinPolicy(rules, { expiresAt, allowedCidrs, areNetworksFixed: true }, now);
          const replaced = replacement(old, graceSeconds, now, minter);
          await manager.update(Token, replacesId, replaced);
          const values = { serviceAccountId, name, slug, scopes, expiresAt, allowedCidrs, replacesId };
          const { id } = await insertToken(manager, { ...values, createdAt: now, createdById: minter.userId }, secret);
          await manager.update(Token, replacesId, { replacedById: id });
          return { row: await this.tokens.get(serviceAccountId, id, manager), oldEnds: replaced.expiresAt };
        }),
      isTaken: isSlugTaken,
      conflict: tokenSlugTaken,
    });
    await this.changes.settled();
    return { successor: { ...TokenDto.from(row), token: secret }, graceEnds: graceSeconds > 0 ? oldEnds : undefined };
  }

  /** Keeps the account from being deleted, which revokes the tokens that there are, and the policy from being replaced. @throws Problem 404 */
  private async begin(serviceAccountId: string, manager: EntityManager): Promise<HeldRules> {
    const accounts = await manager.query<unknown[]>(LOCK_ACCOUNT, [serviceAccountId]);
    if (accounts.length === 0) throw tokenHolderGone();
    return this.policies.hold(manager);
  }
}

const isSlugTaken = (error: unknown): boolean => isUniqueViolation(error, 'tokens_slug_key');

const insertToken = (manager: EntityManager, values: Partial<Token>, secret: string): Promise<Token> =>
  insertRow(manager, Token, { ...values, hash: hashBytes(hashToken(secret)), lastFour: secret.slice(-4) });

type Replaced = Pick<Token, 'createdAt' | 'expiresAt' | 'revokedAt' | 'replacedAt'>;

/** The same lifetime again, as far as the policy lets it; null for never. */
function successorsExpiry({ createdAt, expiresAt }: Replaced, rules: Rules, now: Date): Date | null {
  const same = expiresAt === null ? Infinity : now.getTime() + expiresAt.getTime() - createdAt.getTime();
  const latest = latestExpiry(rules, now)?.getTime() ?? Infinity;
  const end = Math.min(same, latest);
  return end === Infinity ? null : new Date(Math.min(end, END_OF_TIME));
}

/** What becomes of the old token. Without a grace it is revoked: no clock of any process could take it for alive a moment longer. */
function replacement({ expiresAt }: Replaced, graceSeconds: number, now: Date, author: Author) {
  const end = new Date(now.getTime() + graceSeconds * 1000);
  return {
    replacedAt: now,
    expiresAt: expiresAt && expiresAt < end ? expiresAt : end,
    ...(graceSeconds === 0 && revocation(author)),
  };
}

/** The account must not be gone when the token is there. */
const LOCK_ACCOUNT = prepared('SELECT 1 FROM service_accounts WHERE id = $1 FOR KEY SHARE');

/** Of two rotations at once, the second sees what the first has done. */
const LOCK_TOKEN = prepared(
  `SELECT created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt",
     replaced_at AS "replacedAt"
   FROM tokens WHERE id = $1 FOR NO KEY UPDATE`,
);

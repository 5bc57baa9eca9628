import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Author } from '../database/authored.entity.js';
import { prepared } from '../database/prepared-client.js';
import { readNetworks } from '../network/requested-networks.js';
import { TokenPolicyDto } from './dto/token-policy.dto.js';
import type { TokenPolicy } from './token-policy.entity.js';
import type { Rules } from './token-policy.rules.js';
import { NO_RULES } from './token-policy.rules.js';

/** The rules that hold for as long as the transaction goes on, and the time by the database's clock, in whole milliseconds. */
export interface HeldRules {
  readonly rules: Rules;
  readonly now: Date;
}

@Injectable()
export class TokenPolicyService {
  constructor(private readonly dataSource: DataSource) {}

  async get(): Promise<TokenPolicyDto> {
    const [row] = await this.dataSource.query<TokenPolicy[]>(GET);
    return TokenPolicyDto.from(row);
  }

  /** Replaces all of it. Tokens that there are stay as they are. @throws Problem 422 for networks that are none. */
  async replace(input: TokenPolicyDto, author: Author): Promise<void> {
    const { longestLifetimeDays = null, expiryRequired = false } = input;
    const requiredCidrs = input.requiredCidrs ? readNetworks(input.requiredCidrs, 'body.requiredCidrs') : null;
    await this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK);
      await manager.query(REPLACE, [longestLifetimeDays, expiryRequired, requiredCidrs, author.userId]);
    });
  }

  /**
   * Reads the rules for a token that is minted in the given transaction. A policy that is being replaced is waited for, and none is
   * replaced until the transaction ends: when a replacement is answered, no token is still to come that it would not allow.
   */
  async hold(manager: EntityManager): Promise<HeldRules> {
    await manager.query(LOCK_SHARED);
    // After the lock, and not with it: a statement sees what was committed when it began.
    const [row] = await manager.query<{ rules: Rules | null; now: Date }[]>(READ);
    return { rules: row!.rules ?? NO_RULES, now: row!.now };
  }
}

const COLUMNS = `p.longest_lifetime_days AS "longestLifetimeDays", p.expiry_required AS "expiryRequired", p.required_cidrs AS "requiredCidrs"`;

const GET = prepared(
  `SELECT ${COLUMNS}, p.updated_by_id AS "updatedById", p.updated_at AS "updatedAt", u.name AS "updatedByName"
   FROM token_policies p LEFT JOIN users u ON u.id = p.updated_by_id`,
);

const READ = prepared(
  `SELECT (SELECT to_jsonb(policy) FROM (SELECT ${COLUMNS} FROM token_policies p) policy) AS rules,
     date_trunc('milliseconds', statement_timestamp()) AS now`,
);

const REPLACE = prepared(
  `INSERT INTO token_policies AS p (longest_lifetime_days, expiry_required, required_cidrs, created_by_id, updated_by_id)
   VALUES ($1, $2, $3, $4, $4)
   ON CONFLICT (organization_id) DO UPDATE SET longest_lifetime_days = excluded.longest_lifetime_days,
     expiry_required = excluded.expiry_required, required_cidrs = excluded.required_cidrs,
     updated_by_id = excluded.updated_by_id, updated_at = statement_timestamp()`,
);

/** An organization without a policy has no row that could be locked. */
const KEY = `hashtextextended('token policy ' || current_organization_id(), 0)`;
const LOCK = prepared(`SELECT pg_advisory_xact_lock(${KEY})`);
const LOCK_SHARED = prepared(`SELECT pg_advisory_xact_lock_shared(${KEY})`);

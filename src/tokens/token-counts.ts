import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import type { TokenCountsDto } from './dto/token-page.dto.js';
import { TOKEN_STATES, tokenStateSql } from './token-states.js';

/** What an account's tokens come to. */
export interface AccountTokens {
  readonly counts: TokenCountsDto;
  /** The newest use of one of them; null: none has been used, as far as is known. */
  readonly lastUsedAt: Date | null;
}

interface Row extends TokenCountsDto {
  readonly serviceAccountId: string;
  readonly lastUsedAt: Date | null;
}

/** How many tokens are in each state. Whoever asks has all tokens looked at that are counted: 0.1 s for 100,000, 0.3 s under a policy of 50 networks. */
@Injectable()
export class TokenCounts {
  private readonly ofOrganization: string;
  private readonly ofAccounts: string;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) env: Env,
  ) {
    const { conditions } = tokenStateSql(env);
    const counts = TOKEN_STATES.map(
      (state) => `(count(*) FILTER (WHERE ${conditions[state]('tokens')}))::int AS "${state}"`,
    ).join(', ');
    this.ofOrganization = prepared(`SELECT ${counts} FROM tokens`);
    this.ofAccounts = prepared(
      `SELECT service_account_id AS "serviceAccountId", max(last_used_at) AS "lastUsedAt", ${counts}
       FROM tokens WHERE service_account_id = ANY ($1::uuid[]) GROUP BY service_account_id`,
    );
  }

  async ofAll(): Promise<TokenCountsDto> {
    const [counts] = await this.dataSource.query<TokenCountsDto[]>(this.ofOrganization);
    return counts!;
  }

  /** In one statement, however many accounts there are. */
  async of(serviceAccountIds: readonly string[]): Promise<ReadonlyMap<string, AccountTokens>> {
    if (serviceAccountIds.length === 0) return new Map();
    const rows = await this.dataSource.query<Row[]>(this.ofAccounts, [serviceAccountIds]);
    const found = new Map(serviceAccountIds.map((id): [string, AccountTokens] => [id, NO_TOKENS]));
    for (const { serviceAccountId, lastUsedAt, ...counts } of rows) found.set(serviceAccountId, { counts, lastUsedAt });
    return found;
  }
}

/** Of an account that has none. */
export const NO_TOKENS: AccountTokens = {
  counts: Object.fromEntries(TOKEN_STATES.map((state) => [state, 0])) as Record<keyof TokenCountsDto, number>,
  lastUsedAt: null,
};

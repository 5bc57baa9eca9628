import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Notifications } from '../database/notifications.js';
import { Metrics } from '../metrics/metrics.js';
import { TokenCache } from './token-cache.js';
import { TokenLookUp } from './token-look-up.js';
import { TokenChanges } from './token-changes.js';

/** Channel of the triggers on everything that a token's record is made of: a hash in hexadecimal digits, or `all`. */
const CHANNEL = 'kaiten_tokens';

/** Keeps the records in memory true to the database, by its notifications. Where they are not listened to, nothing is served from memory. */
@Injectable()
export class PostgresTokenChanges extends TokenChanges {
  readonly cache: TokenCache;

  constructor(
    private readonly notifications: Notifications,
    dataSource: DataSource,
    metrics: Metrics,
    @Inject(ENV) env: Env,
  ) {
    super();
    const lookUp = new TokenLookUp(dataSource, env.databasePoolSize);
    this.cache = new TokenCache({
      load: (hash) => lookUp.find(hash),
      isCurrent: () => notifications.isCurrent(),
      size: env.tokenCacheSize,
    });
    metrics.watchTokenCache(this.cache, () => notifications.isCurrent());
    notifications.subscribe({
      channel: CHANNEL,
      onNotification: (payload) => this.forget(payload),
      onConnected: () => this.cache.clear(),
    });
  }

  /** Where notifications are late, an older heartbeat may yet arrive and have memory believed again, before they do. */
  async settled(): Promise<void> {
    if (!(await this.notifications.settled())) this.cache.clear();
  }

  private forget(payload: string): void {
    if (payload === 'all') this.cache.clear();
    else this.cache.drop(Buffer.from(payload, 'hex').toString('latin1'));
  }
}

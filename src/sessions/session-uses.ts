import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';
import { prepared } from '../database/prepared-client.js';
import { runAsOrganization } from '../tenancy/tenant-context.js';

const RECORD = prepared(
  `UPDATE sessions SET last_seen_at = statement_timestamp()
     WHERE id = $1 AND last_seen_at < statement_timestamp() - interval '1 minute'`,
);

/** When sessions were last used, beside the requests that use them. */
@Injectable()
export class SessionUses implements BeforeApplicationShutdown {
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The data source is closed after this. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  /** To be called when the last use that is known is a minute old. A failure is logged, and the next request tries again. */
  note(sessionId: string, organizationId: string): void {
    if (this.writing.has(sessionId)) return;
    const written = runAsOrganization(organizationId, () => this.write(sessionId));
    this.writing.set(sessionId, written);
  }

  private async write(sessionId: string): Promise<void> {
    try {
      await this.dataSource.query(RECORD, [sessionId]);
    } catch (error) {
      this.logger.warn({ msg: 'the use of a session could not be written', reason: (error as Error).message });
    } finally {
      this.writing.delete(sessionId);
    }
  }
}

import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import type { TokenRecord } from './token-record.js';

/** Time between two writes, in milliseconds: a use is shown at most this much late, and what a write takes. */
const INTERVAL = 30_000;

/** Tokens whose uses one statement writes: some tenths of a second. */
const LARGEST_BATCH = 5_000;

const RECORD = prepared('SELECT record_token_uses($1::uuid[], $2::timestamptz[], $3::text[])');

/** When, and from which address, tokens were last used: collected in memory and written now and then, many in one statement. */
@Injectable()
export class TokenUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Records with a use that is not written, each once. */
  private collected: TokenRecord[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.write(), INTERVAL).unref();
  }

  /** The data source is closed after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  /** @param address is asked when the use is worth noting. */
  note(record: TokenRecord, now: number, address: () => string | undefined): void {
    if (!this.env.tokenUseTracking) return;
    const { use } = record;
    if (Number.isNaN(use.at)) this.collected.push(record);
    use.at = now;
    use.from = address();
  }

  /** Writes what has been collected, after what is being written already. A failure is logged, and the next time tries again. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeCollected());
    return this.writing;
  }

  private async writeCollected(): Promise<void> {
    const collected = this.collected;
    this.collected = [];
    for (let start = 0; start < collected.length; start += LARGEST_BATCH) {
      const batch = takeUses(collected.slice(start, start + LARGEST_BATCH));
      try {
        const times = `{${batch.at.map((at) => new Date(at).toISOString()).join()}}`;
        await this.dataSource.query(RECORD, [batch.records.map(({ id }) => id), times, batch.from]);
      } catch (error) {
        this.logger.warn({ msg: 'uses of tokens could not be written', reason: (error as Error).message });
        batch.records.forEach((record, i) => this.collectAgain(record, batch.at[i]!, batch.from[i]));
        this.collected = this.collected.concat(collected.slice(start + LARGEST_BATCH));
        return;
      }
    }
  }

  /** Unless there was a later use. */
  private collectAgain(record: TokenRecord, at: number, from: string | undefined): void {
    if (!Number.isNaN(record.use.at)) return;
    Object.assign(record.use, { at, from });
    this.collected.push(record);
  }
}

/** Uses, the fields of each at the same place: objects would grow old while they are written, a million of them among records that stay. */
interface Uses {
  readonly records: readonly TokenRecord[];
  readonly at: number[];
  readonly from: (string | undefined)[];
}

/**
 * What comes from now on is written the next time. Of two records of a token, of which one has been looked up again, the later use is taken:
 * one statement cannot write both.
 */
function takeUses(collected: readonly TokenRecord[]): Uses {
  const last = new Map<string, TokenRecord>();
  for (const record of collected) {
    const other = last.get(record.id);
    if (other === undefined || other.use.at <= record.use.at) last.set(record.id, record);
  }
  const records = [...last.values()];
  const uses = { records, at: records.map(({ use }) => use.at), from: records.map(({ use }) => use.from) };
  for (const { use } of collected) use.at = NaN;
  return uses;
}

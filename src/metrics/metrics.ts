import type { OnModuleDestroy } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';
import { poolOf } from '../database/pool.js';
import { counter, gauge, histogram } from './collectors.js';
import { RequestMetrics } from './request-metrics.js';
import { ValidateMetrics } from './validate-metrics.js';

/** What the cache of tokens tells about itself. */
export interface TokenCacheStats {
  /** Records in memory. */
  readonly size: number;
  /** Look-ups under way. */
  readonly loads: number;
  readonly counts: { readonly hits: number; readonly misses: number; readonly dropped: number };
}

/** What the streams of events about feature flags tell about themselves. */
export interface FlagStreamStats {
  /** Open ones. */
  readonly size: number;
  readonly counts: {
    readonly opened: number;
    readonly refused: number;
    readonly dropped: number;
    readonly events: number;
  };
}

/**
 * What this process counts. Counting is a few plain numbers; what they are called, and what else can be told of the process, is worked
 * out when somebody asks.
 */
@Injectable()
export class Metrics implements OnModuleDestroy {
  readonly requests = new RequestMetrics();
  readonly validate: ValidateMetrics;
  private tokenCache: { stats: TokenCacheStats; isTrusted: () => boolean } | undefined;

  private flagStreams: FlagStreamStats | undefined;

  constructor(
    @Inject(LOGGER) logger: Logger,
    private readonly dataSource: DataSource,
  ) {
    this.validate = new ValidateMetrics(logger);
  }

  /** @param isTrusted whether the cache may answer at the moment. */
  watchTokenCache(stats: TokenCacheStats, isTrusted: () => boolean): void {
    this.tokenCache = { stats, isTrusted };
  }

  watchFlagStreams(stats: FlagStreamStats): void {
    this.flagStreams = stats;
  }

  onModuleDestroy(): void {
    this.validate.flush();
  }

  /** Everything, for a scraper. Labels hold nothing that a client has sent, and nothing of an organization. */
  createRegistry(): Registry {
    const registry = new Registry();
    this.registerRequests(registry);
    this.registerValidate(registry);
    this.registerTokenCache(registry);
    this.registerFlagStreams(registry);
    this.registerPool(registry);
    collectDefaultMetrics({ register: registry });
    return registry;
  }

  private registerRequests(registry: Registry): void {
    const { requests } = this;
    counter(registry, {
      name: 'kaiten_http_requests_total',
      help: 'Requests to the API by method, route and status; status "aborted" when the client went away first.',
      labelNames: ['method', 'route', 'status'],
      *values() {
        for (const { method, route, statuses } of requests.series()) {
          for (const [status, count] of statuses)
            yield { labels: { method, route, status: String(status) }, value: count };
        }
      },
    });
    histogram(registry, {
      name: 'kaiten_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer.',
      *values() {
        for (const { method, route, durations } of requests.series())
          yield { labels: { method, route }, timings: durations };
      },
    });
  }

  private registerValidate(registry: Registry): void {
    const { counts, latency } = this.validate;
    counter(registry, {
      name: 'kaiten_validate_requests_total',
      help: 'Requests to /api/tokens/validate: allowed (200), why they were refused (401), or undecidable (503).',
      labelNames: ['outcome'],
      values: () => Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
    });
    histogram(registry, {
      name: 'kaiten_validate_duration_seconds',
      help: 'Time from the head of a request to /api/tokens/validate to its answer.',
      values: () => [{ labels: {}, timings: latency }],
    });
  }

  private registerTokenCache(registry: Registry): void {
    if (!this.tokenCache) return;
    const { stats, isTrusted } = this.tokenCache;
    gauge(registry, 'kaiten_token_cache_records', 'Tokens in memory.', () => stats.size);
    gauge(registry, 'kaiten_token_cache_loads', 'Look-ups of tokens under way.', () => stats.loads);
    gauge(
      registry,
      'kaiten_token_cache_trusted',
      '1 while changes of tokens arrive from the database; 0 while they do not, and every token is looked up.',
      () => Number(isTrusted()),
    );
    const total = (name: string, help: string, value: () => number): void => plainCounter(registry, name, help, value);
    total('kaiten_token_cache_hits_total', 'Tokens that were found in memory.', () => stats.counts.hits);
    total('kaiten_token_cache_misses_total', 'Look-ups of tokens in the database.', () => stats.counts.misses);
    total(
      'kaiten_token_cache_invalidations_total',
      'Changes that emptied the cache of a token, or of all.',
      () => stats.counts.dropped,
    );
  }

  private registerFlagStreams(registry: Registry): void {
    const { flagStreams } = this;
    if (!flagStreams) return;
    const { counts } = flagStreams;
    const total = (name: string, help: string, value: () => number): void => plainCounter(registry, name, help, value);
    gauge(registry, 'kaiten_flag_streams', 'Open streams of events about feature flags.', () => flagStreams.size);
    total('kaiten_flag_streams_opened_total', 'Streams that were opened.', () => counts.opened);
    total('kaiten_flag_streams_refused_total', 'Streams that there was no room for.', () => counts.refused);
    total('kaiten_flag_streams_dropped_total', 'Streams of clients that were too slow.', () => counts.dropped);
    total('kaiten_flag_stream_events_total', 'Events that were sent, counted per stream.', () => counts.events);
  }

  private registerPool(registry: Registry): void {
    const pool = poolOf(this.dataSource);
    gauge(registry, 'kaiten_database_pool_connections', 'Open connections to PostgreSQL.', () => pool.totalCount);
    gauge(registry, 'kaiten_database_pool_idle_connections', 'Those of them that nobody uses.', () => pool.idleCount);
    gauge(registry, 'kaiten_database_pool_waiting', 'Queries that wait for a connection.', () => pool.waitingCount);
    gauge(registry, 'kaiten_database_pool_max_connections', 'DATABASE_POOL_SIZE.', () => pool.options.max);
  }
}

function plainCounter(registry: Registry, name: string, help: string, value: () => number): void {
  counter(registry, { name, help, labelNames: [], values: () => [{ labels: {}, value: value() }] });
}

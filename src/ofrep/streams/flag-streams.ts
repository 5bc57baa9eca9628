import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../config/config.module.js';
import type { Env } from '../../config/env.js';
import { Notifications } from '../../database/notifications.js';
import { Metrics } from '../../metrics/metrics.js';
import { TokenVerifier } from '../../tokens/token-verifier.js';
import type { DateShares } from '../../flag-evaluation/rollout.js';
import type { FlagSnapshot } from '../flag-snapshot.js';
import { ServedFlags } from '../served-flags.js';
import type { ClientStream } from './client-stream.js';
import { FactsNews } from './facts-news.js';
import { greeting, HEARTBEAT, refetchEvent, shortVersion } from './stream-events.js';
import { StreamHub } from './stream-hub.js';
import { StreamTokens } from './stream-tokens.js';
import { stopping, tooManyStreams } from './streams.errors.js';
import { nextTimedChange, TimedNews } from './timed-news.js';
import { VersionNews } from './version-news.js';

/** Time between two heartbeats, in milliseconds: proxies give a silent connection up after 30 s or more. */
const BEAT = 15_000;

/** Streams of a process, at the most, and bytes that a client may be behind. */
const MOST_STREAMS = 10_000;
const MOST_BACKLOG = 64 * 1024;

/** Channels of the triggers on flags, and on customers and instances. Payloads begin with an organization's id or are `all`. */
const FLAGS_CHANNEL = 'kaiten_flags';
const FACTS_CHANNEL = 'kaiten_facts';

/**
 * Tells the clients of this process, through their open streams, to evaluate their flags anew: when a flag was changed, when something was
 * that rules read of customers and instances, and when a date rollout has gone on.
 */
@Injectable()
export class FlagStreams implements OnApplicationBootstrap, OnModuleDestroy {
  readonly hub: StreamHub<ClientStream>;
  readonly tokens: StreamTokens;
  private readonly versions: VersionNews;
  private readonly facts: FactsNews;
  private readonly time: TimedNews;
  private heart: NodeJS.Timeout | undefined;
  private hasStopped = false;

  /** Flags and tokens in memory subscribe to notifications before this does: what is old has been dropped when it hears of it. */
  constructor(
    private readonly flags: ServedFlags,
    verifier: TokenVerifier,
    private readonly notifications: Notifications,
    metrics: Metrics,
    @Inject(ENV) env: Env,
  ) {
    const limits = { perOrganization: env.flagStreamsPerOrganization, all: MOST_STREAMS, backlog: MOST_BACKLOG };
    this.hub = new StreamHub(limits);
    metrics.watchFlagStreams(this.hub);
    this.tokens = new StreamTokens(verifier, this.hub, notifications, BEAT);
    this.versions = new VersionNews(this.hub, flags.store);
    this.facts = new FactsNews((organizationId) => void this.tell(organizationId, ({ readsFacts }) => readsFacts));
    this.time = new TimedNews({
      rolloutsOf: async (organizationId) => {
        const snapshot = await this.read(organizationId);
        return snapshot ? rolloutsOf(snapshot) : [];
      },
      tell: (organizationId) => {
        void this.tell(organizationId, () => true);
        void this.time.watch(organizationId);
      },
      ahead: BEAT,
    });
    this.subscribe();
  }

  onApplicationBootstrap(): void {
    this.heart = setInterval(() => this.beat(), BEAT).unref();
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /**
   * Takes a client in, tells it at once what it has missed, and everything from then on.
   *
   * @param evaluatedAt when its flags were evaluated at the earliest, in milliseconds since the epoch.
   * @throws Problem 429 or 503 where there is no room for it; or whatever keeps its flags from being read now. Nothing has been sent then.
   */
  async open(stream: ClientStream, evaluatedAt: number): Promise<void> {
    const { organizationId } = stream;
    const snapshot = await this.flags.store.find(organizationId);
    await snapshot.compile();
    if (stream.isOver) return;
    if (this.hasStopped) throw stopping();
    const full = this.hub.add(stream);
    if (full) throw tooManyStreams(full);
    stream.begin();
    this.hub.write(stream, greeting());
    const version = shortVersion(snapshot.version);
    const now = Date.now();
    const isOld =
      stream.version !== version ||
      (snapshot.readsFacts && this.facts.hasChangedSince(organizationId, evaluatedAt)) ||
      nextTimedChange(rolloutsOf(snapshot), evaluatedAt, now) !== undefined;
    if (isOld) this.hub.send(stream, refetchEvent(version, now));
    stream.version = version;
    // What has changed since they were read, its flags or its token, was told to those who were there already.
    void this.versions.compare(organizationId);
    this.tokens.recheck([stream]);
    void this.time.watch(organizationId);
  }

  /** Forgets a stream whose connection has ended. */
  forget(stream: ClientStream): void {
    this.hub.remove(stream);
    this.tokens.forget(stream);
  }

  /** Ends all streams, and lets nobody in any more: a process that stops waits for its connections to end. */
  stop(): void {
    this.hasStopped = true;
    clearInterval(this.heart);
    this.facts.stop();
    this.time.stop();
    for (const stream of this.hub.streams()) this.hub.end(stream);
  }

  /** What is to be done from time to time. */
  beat(): void {
    for (const stream of this.hub.streams()) this.hub.write(stream, HEARTBEAT);
    this.tokens.recheck(this.hub.streams());
    for (const organizationId of this.hub.organizations()) void this.time.watch(organizationId);
    this.facts.forgetOld();
    this.versions.retry();
    if (!this.notifications.isCurrent()) this.versions.compareAll();
  }

  private subscribe(): void {
    this.notifications.subscribe({
      channel: FLAGS_CHANNEL,
      onNotification: (payload) =>
        payload === 'all' ? this.versions.compareAll() : void this.versions.compare(payload),
      onConnected: () => this.versions.compareAll(),
    });
    this.notifications.subscribe({
      channel: FACTS_CHANNEL,
      onNotification: (payload) =>
        payload === 'all' ? this.facts.noteAll(this.hub.organizations()) : this.facts.note(payload.split(' ')[0]!),
      onConnected: () => this.facts.noteAll(this.hub.organizations()),
    });
  }

  /** Tells all streams of the organization, where the condition holds for its flags. */
  private async tell(organizationId: string, condition: (snapshot: FlagSnapshot) => boolean): Promise<void> {
    const snapshot = await this.read(organizationId);
    if (!snapshot || !condition(snapshot)) return;
    const event = refetchEvent(shortVersion(snapshot.version), Date.now());
    for (const stream of this.hub.ofOrganization(organizationId)) this.hub.send(stream, event);
  }

  /** @returns the compiled flags; undefined where there is nobody to tell, or they cannot be read now. */
  private async read(organizationId: string): Promise<FlagSnapshot | undefined> {
    if (!this.hub.has(organizationId)) return undefined;
    try {
      const snapshot = await this.flags.store.find(organizationId);
      await snapshot.compile();
      return snapshot;
    } catch {
      return undefined;
    }
  }
}

const rolloutsOf = ({ datedFlags }: FlagSnapshot): DateShares[] =>
  datedFlags.flatMap(({ compiled }) => compiled.dateRollouts);

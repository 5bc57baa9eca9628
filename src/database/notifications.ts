import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

/** Time between two heartbeats, in milliseconds. */
const BEAT = 250;

/**
 * How long notifications may be missing before that is noticed, in milliseconds: what was committed longer ago than this has been
 * delivered, or `isCurrent` says no.
 */
export const LONGEST_SILENCE = 2_000;

/** After this long without a heartbeat the connections are given up and made anew, in milliseconds. */
const GIVEN_UP = 5_000;

const LONGEST_PAUSE = 2_000;

interface Options {
  /** Connection URL; LISTEN needs a session of its own, so no pooler in transaction mode. */
  readonly url: string;
  readonly logger: Logger;
}

export interface Subscription {
  readonly channel: string;
  /** Called for each notification, in the order in which the transactions were committed. */
  readonly onNotification: (payload: string) => void;
  /** Called when notifications begin to arrive, after each time that they did not: whatever happened before is unknown. */
  readonly onConnected: () => void;
}

interface Beat {
  readonly number: number;
  /** When it was sent: on the clock that never goes back, and on the one that goes on while the machine sleeps. */
  readonly at: number;
  readonly wall: number;
}

interface Waiter {
  readonly beat: number;
  readonly resolve: (isDelivered: boolean) => void;
}

/**
 * PostgreSQL's notifications for all of a process, with the knowledge of whether they arrive. A heartbeat is a notification to ourselves, sent through a
 * second connection: PostgreSQL delivers in the order of commits, so when one arrives, all that was committed before it was sent has
 * arrived. A connection that is open and silent, because the network or the backend behind it is stuck, is noticed by its absence.
 */
export class Notifications {
  private readonly beatChannel = `kaiten_beat_${randomUUID().replaceAll('-', '')}`;
  private sending: pg.Client | undefined;
  private lastSent = 0;
  private lastSending: Promise<unknown> = Promise.resolve();
  private pending: Beat[] = [];
  private arrived: Beat | undefined;
  private waiters: Waiter[] = [];
  private timer: NodeJS.Timeout | undefined;
  private stopping: AbortController | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly subscriptions: Subscription[] = [];

  constructor(private readonly options: Options) {}

  /** To be called before the start. @throws Error afterwards: what had been sent already would be missing. */
  subscribe(subscription: Subscription): void {
    if (this.stopping) throw new Error('Notifications have been started already');
    this.subscriptions.push(subscription);
  }

  start(): void {
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping?.abort();
    await this.running;
  }

  /** Whether everything that was committed `LONGEST_SILENCE` ago or earlier has been delivered. */
  isCurrent(): boolean {
    const { arrived } = this;
    return (
      arrived !== undefined &&
      performance.now() - arrived.at < LONGEST_SILENCE &&
      Date.now() - arrived.wall < LONGEST_SILENCE
    );
  }

  /**
   * Waits until everything that has been committed by now is delivered; at most for `LONGEST_SILENCE` and a beat.
   *
   * @returns false when it was not: because notifications do not arrive, or arrive late. Then they may still do so.
   */
  settled(): Promise<boolean> {
    if (!this.isCurrent() || !this.sending) return Promise.resolve(false);
    const beat = this.sendBeat(this.sending);
    return new Promise((resolve) => this.waiters.push({ beat, resolve }));
  }

  /** Connects, and again whenever a connection has ended, until it is told to stop. */
  private async run(stop: AbortSignal): Promise<void> {
    let pause = BEAT;
    while (!stop.aborted) {
      const reason = await this.serve(stop, () => (pause = BEAT));
      if (stop.aborted) break;
      this.options.logger.warn({ msg: 'notifications from PostgreSQL are interrupted', reason });
      await sleep(pause, undefined, { signal: stop }).catch(() => undefined);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  /** One pair of connections, from their beginning to their end. @returns why they ended. */
  private async serve(stop: AbortSignal, onWorking: () => void): Promise<string> {
    const [listening, sending] = [this.createClient('listening'), this.createClient('heartbeat')];
    let onStop = (): void => undefined;
    const ended = new Promise<string>((resolve) => {
      for (const client of [listening, sending]) {
        client.on('error', (error) => resolve(error.message));
        client.on('end', () => resolve('a connection has ended'));
      }
      onStop = () => resolve('stopped');
      stop.addEventListener('abort', onStop, { once: true });
    });
    listening.on('notification', ({ channel, payload = '' }) => {
      if (channel === this.beatChannel) this.receiveBeat(Number(payload), onWorking);
      else this.hand(channel, payload);
    });
    try {
      // A connection may open and then say nothing.
      const late = sleep(GIVEN_UP, 'listening took too long', { ref: false });
      const reason = await Promise.race([ended, late, this.listen(listening, sending)]);
      if (reason !== undefined) return reason;
      for (const { onConnected } of this.subscriptions) onConnected();
      this.sending = sending;
      this.lastSending = Promise.resolve();
      return await Promise.race([ended, this.beatUntilSilent(sending)]);
    } catch (error) {
      return (error as Error).message;
    } finally {
      stop.removeEventListener('abort', onStop);
      clearInterval(this.timer);
      this.sending = undefined;
      this.arrived = undefined;
      this.pending = [];
      this.release(() => true, false);
      for (const client of [listening, sending]) endAtOnce(client);
    }
  }

  private async listen(listening: pg.Client, sending: pg.Client): Promise<undefined> {
    await Promise.all([listening.connect(), sending.connect()]);
    const channels = new Set(this.subscriptions.map(({ channel }) => channel));
    for (const channel of [...channels, this.beatChannel]) {
      await listening.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    }
    return undefined;
  }

  /** Sends heartbeats, and looks after those who wait for one. Resolves when none has arrived for too long. */
  private beatUntilSilent(sending: pg.Client): Promise<string> {
    const began = performance.now();
    return new Promise((resolve) => {
      const tick = (): void => {
        if (!this.isCurrent()) this.release(() => true, false);
        if (performance.now() - (this.arrived?.at ?? began) > GIVEN_UP) resolve('no heartbeat arrived');
        // One that is stuck is enough.
        else if (this.pending.length < 2) this.sendBeat(sending);
      };
      tick();
      this.timer = setInterval(tick, BEAT).unref();
    });
  }

  private sendBeat(sending: pg.Client): number {
    const beat: Beat = { number: (this.lastSent += 1), at: performance.now(), wall: Date.now() };
    this.pending.push(beat);
    const values = [this.beatChannel, String(beat.number)];
    // One after the other; and a failure ends the connection, which is noticed there.
    this.lastSending = this.lastSending
      .then(() => sending.query('SELECT pg_notify($1, $2)', values))
      .catch(() => undefined);
    return beat.number;
  }

  private hand(channel: string, payload: string): void {
    for (const subscription of this.subscriptions)
      if (subscription.channel === channel) subscription.onNotification(payload);
  }

  private receiveBeat(number: number, onWorking: () => void): void {
    const beat = this.pending.find((sent) => sent.number === number);
    if (!beat) return;
    this.arrived = beat;
    this.pending = this.pending.filter((sent) => sent.number > number);
    this.release((waiter) => waiter.beat <= number, true);
    onWorking();
  }

  private release(isDone: (waiter: Waiter) => boolean, isDelivered: boolean): void {
    const done = this.waiters.filter(isDone);
    if (done.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => !done.includes(waiter));
    for (const { resolve } of done) resolve(isDelivered);
  }

  private createClient(purpose: string): pg.Client {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: `kaiten-server ${purpose}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    // Also before and after anybody waits for its end: an error without a listener ends the process.
    client.on('error', () => undefined);
    return client;
  }
}

/** Without waiting for anything: the other end may be stuck. */
function endAtOnce(client: pg.Client): void {
  client.end().catch(() => undefined);
  // eslint-disable-next-line no-restricted-properties -- The socket, and not what TypeORM calls so.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

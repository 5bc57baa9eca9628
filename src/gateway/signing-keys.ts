import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import type { Soon } from '../soon.js';
import { callAcrossOrganizations } from '../tenancy/across-organizations.js';
import type { PublicJwk } from './principal-keys.js';
import { generateKey } from './principal-keys.js';

/** How often the keys are read, in milliseconds. */
const READ_EVERY = 5_000;

/**
 * How long keys are good for that could not be read again, in milliseconds. A key that was dropped because it is known to a thief is refused
 * after that, whatever has become of the database.
 */
const GOOD_FOR = 30_000;

/** A reading that takes longer is given up, in milliseconds. */
const LONGEST_READING = 5_000;

/** Between two readings that unknown keys ask for, in milliseconds: forged ones cause four queries a second and no more. */
const BETWEEN_READINGS = 250;

/** The keys as they are now. */
export interface KeySet {
  readonly signing: { readonly kid: string; readonly key: KeyObject };
  /** By kid: the one that signs, those that have signed, the one that will. */
  readonly verifying: ReadonlyMap<string, KeyObject>;
  /** What is published, the newest first. */
  readonly published: readonly (PublicJwk & { readonly kid: string })[];
}

interface KeyRow {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  /** PKCS #8 in base64, of the one that signs. */
  readonly privateKey: string | null;
}

const READ = prepared('SELECT current_principal_keys() AS keys');
const ADD_FIRST = 'SELECT add_first_principal_key($1, $2, $3)';

/** A moment on the clock that never goes back, and on the one that goes on while the machine sleeps. */
interface Moment {
  readonly steady: number;
  readonly wall: number;
}

const NEVER: Moment = { steady: -Infinity, wall: -Infinity };

const momentNow = (): Moment => ({ steady: performance.now(), wall: Date.now() });

/** Milliseconds that have passed since, by whichever clock says more. */
const since = ({ steady, wall }: Moment): number => Math.max(performance.now() - steady, Date.now() - wall);

/**
 * The keys that principals are signed with, shared by all processes through the database, which decides by its own clock which of them signs.
 * In signed mode a process reads them every few seconds, and when it meets one that it does not know.
 */
@Injectable()
export class SigningKeys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private keys?: KeySet;
  /** When the reading began that the keys come from. */
  private readAt: Moment = NEVER;
  /** When the last one began, whatever came of it. */
  private triedAt: Moment = NEVER;
  private reading?: Promise<KeySet>;
  private waiting?: Promise<KeySet>;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Pick<Env, 'principalJwt'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.env.principalJwt !== 'signed') return;
    this.readInBackground();
    this.timer = setInterval(() => this.readInBackground(), READ_EVERY).unref();
  }

  /** The data source is closed after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled([this.reading, this.waiting]);
  }

  /** At once when they have been read lately. Rejects when they have not, and cannot be now. */
  current(): Soon<KeySet> {
    if (this.keys && since(this.readAt) < GOOD_FOR) return this.keys;
    return this.read();
  }

  /** Keys as they are from now on, for somebody who misses one: everybody who does waits for the same reading. */
  reread(): Promise<KeySet> {
    this.waiting ??= this.readAfterPause().finally(() => {
      this.waiting = undefined;
    });
    return this.waiting;
  }

  private async readAfterPause(): Promise<KeySet> {
    // A reading under way may have begun before the key was there.
    await this.reading?.catch(() => undefined);
    const pause = BETWEEN_READINGS - since(this.triedAt);
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    return this.read();
  }

  private readInBackground(): void {
    this.read().catch((error: unknown) => {
      this.logger.warn({ msg: 'the signing keys could not be read', reason: (error as Error).message });
    });
  }

  private read(): Promise<KeySet> {
    this.reading ??= this.load().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async load(): Promise<KeySet> {
    const began = (this.triedAt = momentNow());
    let rows = await this.query();
    if (!rows.some(({ privateKey }) => privateKey !== null)) {
      const { kid, publicJwk, privateKey } = await generateKey();
      await this.call(ADD_FIRST, [kid, publicJwk, privateKey]);
      rows = await this.query();
    }
    this.keys = toKeySet(rows, this.keys);
    this.readAt = began;
    return this.keys;
  }

  private async query(): Promise<readonly KeyRow[]> {
    const [row] = await this.call<{ keys: KeyRow[] }>(READ, []);
    return row!.keys;
  }

  private call<R extends object>(statement: string, parameters: unknown[]): Promise<R[]> {
    return callAcrossOrganizations<R>(this.dataSource, statement, parameters, LONGEST_READING);
  }
}

/** @throws Error when none of them signs, which no command leads to. */
function toKeySet(rows: readonly KeyRow[], before: KeySet | undefined): KeySet {
  const signer = rows.find(({ privateKey }) => privateKey !== null);
  if (!signer) throw new Error('none of the keys in principal_keys signs');
  return {
    signing: before?.signing.kid === signer.kid ? before.signing : { kid: signer.kid, key: privateKeyOf(signer) },
    verifying: new Map(
      rows.map(({ kid, publicJwk }) => [
        kid,
        before?.verifying.get(kid) ?? createPublicKey({ key: { ...publicJwk }, format: 'jwk' }),
      ]),
    ),
    published: rows.map(({ kid, publicJwk: { kty, crv, x } }) => ({ kty, crv, x, kid })),
  };
}

function privateKeyOf({ privateKey }: KeyRow): KeyObject {
  return createPrivateKey({ key: Buffer.from(privateKey!, 'base64'), format: 'der', type: 'pkcs8' });
}

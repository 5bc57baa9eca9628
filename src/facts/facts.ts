import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { Notifications } from '../database/notifications.js';
import type { JsonObject } from '../http/json.js';
import type { Soon } from '../soon.js';
import { runAsOrganization } from '../tenancy/tenant-context.js';
import type { FactsSubject } from './facts-subject.js';
import type { FactsRow } from './find-facts.js';
import { findFacts } from './find-facts.js';

/** What rules find under `__kaiten`, and a text that is another one when it is something else. */
export interface Facts {
  readonly facts: JsonObject;
  readonly version: string;
}

export const NO_FACTS: Facts = { facts: { instance: {}, customer: {} }, version: '' };

/** Channel of the triggers on customers and instances: `<organization>`, `<organization> <customer>` or `all`. */
const CHANNEL = 'kaiten_facts';

/**
 * How long what was not found is remembered, in milliseconds: nobody tells of what is new. And how long anything is, while notifications do not
 * arrive.
 */
const UNSURE_FOR = 2_000;

/** What is kept, in bytes, and what an entry takes besides its text. */
const MOST_BYTES = 32 * 1024 * 1024;
const OVERHEAD = 512;

/** Changes that are told apart. Beyond them all that is in memory is forgotten, which is right as well. */
const MOST_CHANGES = 10_000;

interface Entry {
  readonly found: Facts;
  readonly row: FactsRow;
  readonly organizationId: string;
  /** Of the look-up's beginning: by `tick`, and as `performance.now()` has it. */
  readonly began: number;
  readonly at: number;
}

/**
 * Facts of the organizations' customers and instances, in memory. Every change that this process is told of gets a number, and an entry holds
 * while nothing that it is about has changed after its look-up began; so a look-up that a change overtakes is of use to those who wait for
 * it, and to nobody else.
 */
@Injectable()
export class FactsReader {
  private readonly entries = new LRUCache<string, Entry>({ maxSize: MOST_BYTES });
  private readonly loading = new Map<string, Promise<Facts>>();
  /** Id of an organization or a customer -> when it last changed. */
  private readonly changes = new Map<string, number>();
  private tick = 0;
  /** When everything changed last, as far as is known. */
  private floor = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {
    notifications.subscribe({
      channel: CHANNEL,
      onNotification: (payload) => this.note(payload),
      onConnected: () => this.forgetAll(),
    });
  }

  /**
   * @param subject undefined for nobody, of whom there are no facts.
   * @returns at once what is in memory. The promise rejects when they cannot be looked up now.
   */
  find(organizationId: string, subject: FactsSubject | undefined): Soon<Facts> {
    if (subject === undefined) return NO_FACTS;
    const { instanceId = '', instanceSlug = '', customerSlug = '' } = subject;
    const key = `${organizationId} ${instanceId} ${instanceSlug} ${customerSlug}`;
    const entry = this.entries.get(key);
    if (entry !== undefined && this.holds(entry)) return entry.found;
    return this.loading.get(key) ?? this.load(key, organizationId, subject);
  }

  private holds({ row, organizationId, began, at }: Entry): boolean {
    const { changes } = this;
    if (began < this.floor || began < (changes.get(organizationId) ?? 0)) return false;
    if (row.customerId !== undefined && began < (changes.get(row.customerId) ?? 0)) return false;
    return (row.isWhole && this.notifications.isCurrent()) || performance.now() - at < UNSURE_FOR;
  }

  private load(key: string, organizationId: string, subject: FactsSubject): Promise<Facts> {
    const began = this.tick;
    const at = performance.now();
    // Several requests may wait for it, so it runs in none of their contexts.
    const loading = runAsOrganization(organizationId, () => findFacts(this.dataSource, subject))
      .then((row) => {
        const text = JSON.stringify(row.facts);
        const found = { facts: row.facts, version: hash('sha256', text, 'base64url') };
        const entry: Entry = { found, row, organizationId, began, at };
        if (this.holds(entry)) this.entries.set(key, entry, { size: text.length + OVERHEAD });
        return found;
      })
      .finally(() => {
        if (this.loading.get(key) === loading) this.loading.delete(key);
      });
    this.loading.set(key, loading);
    return loading;
  }

  private note(payload: string): void {
    if (payload === 'all' || this.changes.size >= MOST_CHANGES) return this.forgetAll();
    const [organizationId, customerId] = payload.split(' ');
    this.changes.set(customerId ?? organizationId!, (this.tick += 1));
    this.loading.clear();
  }

  private forgetAll(): void {
    this.floor = this.tick += 1;
    this.changes.clear();
    this.entries.clear();
    this.loading.clear();
  }
}

import { LRUCache } from 'lru-cache';
import type { Soon } from '../soon.js';
import type { FlagRow } from './flag-snapshot.js';
import { FlagSnapshot } from './flag-snapshot.js';

interface Options {
  /** Reads the organization's flags. Rejects when that is not possible now. */
  readonly load: (organizationId: string) => Promise<FlagRow[]>;
  /** Whether changes are arriving, so that what is in memory may be believed. */
  readonly isCurrent: () => boolean;
  /** What all flags may take of memory. An organization of more is kept alone: reading it for each request would take as much for each. */
  readonly bytes: number;
}

/** How long a copy serves after it was read while changes do not arrive, in milliseconds. */
const UNSURE_FOR = 2_000;

interface Entry {
  readonly snapshot: FlagSnapshot;
  /** When its reading began, as `performance.now()` has it. */
  readonly at: number;
  /** Something has changed. What has not is still of use for the next snapshot. */
  isStale: boolean;
}

interface Loading {
  readonly snapshot: Promise<FlagSnapshot>;
  /** Something has changed since it began: whoever waits for it gets it, and nobody else. */
  isVoid: boolean;
}

/** The organizations' flags in memory, read when somebody first asks for them and dropped when they change. */
export class FlagStore {
  private readonly entries: LRUCache<string, Entry>;
  private readonly loading = new Map<string, Loading>();

  constructor(private readonly options: Options) {
    const { bytes: maxSize } = options;
    this.entries = new LRUCache({ maxSize, sizeCalculation: ({ snapshot }) => Math.min(snapshot.bytes, maxSize) });
  }

  /** @returns at once what is in memory. The promise rejects when the flags cannot be read now. */
  find(organizationId: string): Soon<FlagSnapshot> {
    const entry = this.entries.get(organizationId);
    if (entry !== undefined && this.holds(entry)) return entry.snapshot;
    return this.loading.get(organizationId)?.snapshot ?? this.load(organizationId, entry?.snapshot);
  }

  /** Has the organization's flags read anew for all requests that begin from now on. */
  drop(organizationId: string): void {
    const entry = this.entries.peek(organizationId);
    if (entry) entry.isStale = true;
    this.abandon(organizationId);
  }

  /** The same for all organizations. */
  dropAll(): void {
    for (const entry of this.entries.values()) entry.isStale = true;
    for (const organizationId of [...this.loading.keys()]) this.abandon(organizationId);
  }

  private holds({ at, isStale }: Entry): boolean {
    return !isStale && (this.options.isCurrent() || performance.now() - at < UNSURE_FOR);
  }

  private load(organizationId: string, previous: FlagSnapshot | undefined): Promise<FlagSnapshot> {
    const at = performance.now();
    const snapshot = this.options
      .load(organizationId)
      .then((rows) => {
        const read = new FlagSnapshot(organizationId, rows, previous);
        if (!loading.isVoid) this.entries.set(organizationId, { snapshot: read, at, isStale: false });
        return read;
      })
      .finally(() => {
        if (!loading.isVoid) this.loading.delete(organizationId);
      });
    const loading: Loading = { snapshot, isVoid: false };
    this.loading.set(organizationId, loading);
    return snapshot;
  }

  private abandon(organizationId: string): void {
    const loading = this.loading.get(organizationId);
    if (!loading) return;
    loading.isVoid = true;
    this.loading.delete(organizationId);
  }
}

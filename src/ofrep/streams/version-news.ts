import type { FlagStore } from '../flag-store.js';
import { refetchEvent, shortVersion } from './stream-events.js';
import type { Stream, StreamHub } from './stream-hub.js';

/** Tells streams that the organization's flags are others than those that their clients know. */
export class VersionNews {
  /** Organizations whose version is being read -> whether it has changed meanwhile. */
  private readonly telling = new Map<string, boolean>();
  /** Those whose version could not be read. */
  private readonly unsure = new Set<string>();

  constructor(
    private readonly hub: StreamHub<Stream>,
    private readonly store: Pick<FlagStore, 'find'>,
  ) {}

  /**
   * Compares the present version with what clients know. It is read before anybody is told, and so in memory when all of them come to ask for
   * it. Changes that come faster than they can be read are told as one.
   */
  async compare(organizationId: string): Promise<void> {
    if (this.telling.has(organizationId)) {
      this.telling.set(organizationId, true);
      return;
    }
    try {
      while (this.hub.has(organizationId)) {
        this.telling.set(organizationId, false);
        const snapshot = await this.store.find(organizationId);
        this.tell(organizationId, shortVersion(snapshot.version));
        if (!this.telling.get(organizationId)) break;
      }
    } catch {
      // The database is away, which those hear who evaluate flags now.
      this.unsure.add(organizationId);
    } finally {
      this.telling.delete(organizationId);
    }
  }

  compareAll(): void {
    for (const organizationId of this.hub.organizations()) void this.compare(organizationId);
  }

  /** Tries again where it was not possible. */
  retry(): void {
    const organizations = [...this.unsure];
    this.unsure.clear();
    for (const organizationId of organizations) void this.compare(organizationId);
  }

  private tell(organizationId: string, version: string): void {
    let event: Buffer | undefined;
    for (const stream of this.hub.ofOrganization(organizationId)) {
      if (stream.version === version) continue;
      stream.version = version;
      event ??= refetchEvent(version, Date.now());
      this.hub.send(stream, event);
    }
  }
}

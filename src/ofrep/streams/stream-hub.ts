/** An open connection to a client that is told of changes. */
export interface Stream {
  readonly organizationId: string;
  readonly tokenHash: string;
  /** Of the flags that the client knows, as far as we do. */
  version: string;
  /** Bytes that the client has not taken yet. */
  readonly backlog: number;
  write(bytes: Uint8Array): void;
  /** Ends the connection in order. */
  end(): void;
  /** Ends the connection at once. */
  destroy(): void;
}

interface Limits {
  readonly perOrganization: number;
  readonly all: number;
  /** Bytes that a client may be behind. */
  readonly backlog: number;
}

/** Whose limit is reached. */
export type Full = 'organization' | 'process';

/** The open streams of a process, by what events come for. It knows nothing of what they say. */
export class StreamHub<S extends Stream> {
  readonly counts = { opened: 0, refused: 0, dropped: 0, events: 0 };
  private readonly all = new Set<S>();
  private readonly byOrganization = new Map<string, Set<S>>();
  private readonly byToken = new Map<string, Set<S>>();

  constructor(private readonly limits: Limits) {}

  get size(): number {
    return this.all.size;
  }

  includes(stream: S): boolean {
    return this.all.has(stream);
  }

  /** Those that may change while somebody goes through them are copied. */
  streams(): S[] {
    return [...this.all];
  }

  ofOrganization(organizationId: string): S[] {
    return [...(this.byOrganization.get(organizationId) ?? [])];
  }

  ofToken(tokenHash: string): S[] {
    return [...(this.byToken.get(tokenHash) ?? [])];
  }

  has(organizationId: string): boolean {
    return this.byOrganization.has(organizationId);
  }

  /** Those that have streams. */
  organizations(): string[] {
    return [...this.byOrganization.keys()];
  }

  /** Whether another stream of the organization would be one too many, and of whose. */
  fullness(organizationId: string): Full | undefined {
    if ((this.byOrganization.get(organizationId)?.size ?? 0) >= this.limits.perOrganization) return 'organization';
    return this.all.size >= this.limits.all ? 'process' : undefined;
  }

  /** @returns why it was not added. */
  add(stream: S): Full | undefined {
    const full = this.fullness(stream.organizationId);
    if (full) {
      this.counts.refused += 1;
      return full;
    }
    this.counts.opened += 1;
    this.all.add(stream);
    addTo(this.byOrganization, stream.organizationId, stream);
    addTo(this.byToken, stream.tokenHash, stream);
    return undefined;
  }

  remove(stream: S): void {
    if (!this.all.delete(stream)) return;
    removeFrom(this.byOrganization, stream.organizationId, stream);
    removeFrom(this.byToken, stream.tokenHash, stream);
  }

  end(stream: S): void {
    this.remove(stream);
    stream.end();
  }

  send(stream: S, event: Uint8Array): void {
    if (this.write(stream, event)) this.counts.events += 1;
  }

  /**
   * Who has not taken what was sent before is let go: it comes back when it can, and is told what it has missed.
   *
   * @returns whether it was written.
   */
  write(stream: S, bytes: Uint8Array): boolean {
    if (stream.backlog <= this.limits.backlog) {
      stream.write(bytes);
      return true;
    }
    this.counts.dropped += 1;
    this.remove(stream);
    stream.destroy();
    return false;
  }
}

function addTo<S>(sets: Map<string, Set<S>>, key: string, one: S): void {
  const set = sets.get(key);
  if (set) set.add(one);
  else sets.set(key, new Set([one]));
}

function removeFrom<S>(sets: Map<string, Set<S>>, key: string, one: S): void {
  const set = sets.get(key);
  set?.delete(one);
  if (set?.size === 0) sets.delete(key);
}

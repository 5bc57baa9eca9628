import type { IncomingMessage } from 'node:http';

/** What an answer tells pages of other origins besides its body: whether it has changed, when to ask again, and how to report it. */
const EXPOSED = 'ETag, Retry-After, X-Request-Id';

/** How long browsers remember what a preflight said, in seconds: as long as any of them does so. */
const MAX_AGE = '7200';

/**
 * Cross-origin rules (the Fetch standard's CORS protocol) of what evaluates flags. Requests carry their token in a header which pages set
 * themselves, so there is no credentials mode. Headers are names and values in turn.
 */
export class Cors {
  private readonly origins: ReadonlySet<string>;
  private readonly toAll: boolean;
  /** `Vary`, of answers that depend on the origin. */
  readonly varies: boolean;

  constructor(origins: readonly string[] | '*') {
    this.toAll = origins === '*';
    this.origins = new Set(origins === '*' ? [] : origins);
    this.varies = this.origins.size > 0;
  }

  /** Headers of an answer to a page of this origin; none when pages of it have no business here. */
  headersFor(origin: string | undefined): readonly string[] {
    const allowed = this.toAll ? '*' : origin !== undefined && this.origins.has(origin) ? origin : undefined;
    if (allowed === undefined) return NONE;
    return ['Access-Control-Allow-Origin', allowed, 'Access-Control-Expose-Headers', EXPOSED];
  }

  /** Whether it is a browser that asks what it may ask, and there are pages that may. */
  isPreflight({ method, headers }: IncomingMessage): boolean {
    return (
      method === 'OPTIONS' &&
      (this.toAll || this.varies) &&
      headers.origin !== undefined &&
      headers['access-control-request-method'] !== undefined
    );
  }

  /** Headers of the answer to that. */
  preflightHeaders(origin: string | undefined): readonly string[] {
    const allowed = this.headersFor(origin).slice(0, 2);
    const vary = this.varies ? ['Vary', 'Origin'] : NONE;
    if (allowed.length === 0) return vary;
    return [
      ...vary,
      ...allowed,
      ...['Access-Control-Allow-Methods', 'POST'],
      ...['Access-Control-Allow-Headers', 'Authorization, Content-Type, If-None-Match'],
      ...['Access-Control-Max-Age', MAX_AGE],
    ];
  }
}

const NONE: readonly string[] = [];

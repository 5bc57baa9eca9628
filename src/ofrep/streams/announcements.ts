import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../../auth/principal.js';
import type { Soon } from '../../soon.js';
import { EVENTS_PATH } from './events-path.js';
import { FlagStreams } from './flag-streams.js';
import { shortVersion } from './stream-events.js';
import { StreamTickets } from './stream-tickets.js';

/** After how long out of sight a page should close its stream, in seconds: it opens another when it is seen again. */
const INACTIVITY = 120;

/** How long it is remembered that a client was refused, in milliseconds, and of how many clients. */
const REMEMBERED_FOR = 60_000;
const MOST_REFUSED = 10_000;

/** Puts streams into the answers to evaluations of all flags: the `eventStreams` of OFREP. */
@Injectable()
export class Announcements {
  private readonly refusedClients = new LRUCache<string, true>({ max: MOST_REFUSED, ttl: REMEMBERED_FOR });

  constructor(
    private readonly streams: FlagStreams,
    private readonly tickets: StreamTickets,
  ) {}

  /**
   * @param version of the flags in the answer.
   * @returns the member of the answer that announces a stream, with a comma before it, if there is room for another; at once as a rule.
   */
  memberFor({ organization, token }: Principal, version: string): Soon<string> {
    // A stream lives as long as its token; a session has none.
    if (!token || this.streams.hub.fullness(organization.id)) return '';
    const ticket = this.tickets.give(token.hash, shortVersion(version));
    if (!(ticket instanceof Promise)) return announce(ticket);
    // The flags were in memory and the key was not, and the database is away. They are of use all the same.
    return ticket.then(announce, () => '');
  }

  /**
   * Notes that a client was refused a stream. It asks for its flags again then, and where these are unchanged the answer is 304, which announces
   * nothing: so the client would try what it has and be refused, each second.
   *
   * @param address undefined where it is not known.
   */
  noteRefused(tokenId: string, address: string | undefined): void {
    this.refusedClients.set(keyOf(tokenId, address), true);
  }

  /** Whether the client was refused since it was asked last. @param address is called only if some were. */
  needsAnother({ token }: Principal, address: () => string | undefined): boolean {
    return (
      token !== undefined && this.refusedClients.size > 0 && this.refusedClients.delete(keyOf(token.id, address()))
    );
  }
}

/** Without an origin: clients take that under which they have reached the server. */
const announce = (ticket: string): string =>
  `,"eventStreams":[{"type":"sse","endpoint":{"requestUri":"${EVENTS_PATH}?ticket=${ticket}"},"inactivityDelaySec":${INACTIVITY}}]`;

const keyOf = (tokenId: string, address: string | undefined): string => `${tokenId} ${address ?? ''}`;

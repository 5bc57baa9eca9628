import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { Soon } from '../../soon.js';
import type { Ticket } from './ticket.js';
import { TICKET_KEY_BYTES, TicketCodec } from './ticket.js';

/** How long a client has to connect, at the most, in milliseconds. */
const LIFETIME = 60_000;

/** Tickets of the same step are the same, in milliseconds: clients compare the URLs, and connect anew where one is another. */
const STEP = 5_000;

/** Tickets that are kept to be given again, at the most. */
const MOST_KEPT = 10_000;

/** Tells the key from all others that are made of the same secret. */
const PURPOSE = 'kaiten-server: tickets for streams of flag events';

/** Gives tickets and takes them. Their key comes from the database, so that all processes take each other's. */
@Injectable()
export class StreamTickets {
  private readonly kept = new LRUCache<string, { readonly ticket: Ticket; readonly text: string }>({ max: MOST_KEPT });
  private codec: TicketCodec | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** @param version of the flags that its bearer has been given. @returns at once where the key is known. */
  give(tokenHash: string, version: string): Soon<string> {
    const { codec } = this;
    if (!codec) return this.openCodec().then(() => this.give(tokenHash, version));
    const issuedAt = Math.floor(Date.now() / STEP) * STEP;
    const last = this.kept.get(tokenHash);
    if (last?.ticket.issuedAt === issuedAt && last.ticket.version === version) return last.text;
    const ticket = { tokenHash, issuedAt, version };
    const text = codec.seal(ticket);
    this.kept.set(tokenHash, { ticket, text });
    return text;
  }

  /** @returns undefined for what is no ticket of ours; one that has expired is still one. */
  async take(text: string): Promise<Ticket | undefined> {
    return (this.codec ?? (await this.openCodec())).open(text);
  }

  private async openCodec(): Promise<TicketCodec> {
    const [row] = await this.dataSource.query<{ key: Buffer }[]>(`SELECT server_key('cursor') AS key`);
    return (this.codec = ticketCodec(row!.key));
  }
}

/** @param secret that all processes share. What else is made with it has another key. */
export const ticketCodec = (secret: Uint8Array): TicketCodec =>
  new TicketCodec(new Uint8Array(hkdfSync('sha256', secret, '', PURPOSE, TICKET_KEY_BYTES)));

export const isExpired = ({ issuedAt }: Ticket, now: number): boolean => now >= issuedAt + LIFETIME;

import type { ServerResponse } from 'node:http';
import type { Arrival } from '../../network/client-address.js';
import type { TokenRecord } from '../../tokens/token-record.js';
import type { Stream } from './stream-hub.js';

/**
 * Headers of the answer. The URL holds the ticket, which nobody is to learn of by Referer; and proxies are to pass on what comes as it comes, neither
 * kept nor compressed, for which nginx has a header of its own.
 */
const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'Referrer-Policy': 'no-referrer',
  'X-Accel-Buffering': 'no',
};

/** A client's stream: its answer, which does not end, and whose it is. */
export class ClientStream implements Stream {
  constructor(
    private readonly response: ServerResponse,
    readonly arrival: Arrival,
    /** The token's, as it was found last. */
    public record: TokenRecord,
    public version: string,
  ) {}

  get organizationId(): string {
    return this.record.holder.organization.id;
  }

  get tokenHash(): string {
    return this.record.hash;
  }

  get backlog(): number {
    return this.response.writableLength;
  }

  /** Whether the client has gone. */
  get isOver(): boolean {
    return this.response.destroyed || this.arrival.socket.destroyed;
  }

  begin(): void {
    this.response.writeHead(200, HEADERS);
  }

  /** The head is all that HEAD asks for. */
  answerHead(): void {
    this.begin();
    this.response.end();
  }

  write(bytes: Uint8Array): void {
    this.response.write(bytes);
  }

  /** Who has not taken what there is would keep the connection open. */
  end(): void {
    if (this.backlog > 0) this.destroy();
    else this.response.end();
  }

  destroy(): void {
    this.response.destroy();
  }
}

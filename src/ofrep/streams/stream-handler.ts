import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { KaitenRequest, Principal } from '../../auth/principal.js';
import { ENV, LOGGER } from '../../config/config.module.js';
import type { Env } from '../../config/env.js';
import { logOutage, problemOf } from '../../http/problem.filter.js';
import { sendProblem } from '../../http/problem.js';
import { hasOneHost, RequestLog } from '../../http/request-context.js';
import { requestIdOf } from '../../http/request-id.js';
import { Metrics } from '../../metrics/metrics.js';
import { clientAddress } from '../../network/client-address.js';
import { toPrincipal } from '../../tokens/token-record.js';
import { Cors } from '../cors.js';
import { Announcements } from './announcements.js';
import { ClientStream } from './client-stream.js';
import { EVENTS_PATH } from './events-path.js';
import { FlagStreams } from './flag-streams.js';
import { isExpired, StreamTickets } from './stream-tickets.js';
import { invalidTicket } from './streams.errors.js';

/** How long an evaluation may take until its ticket is given, in milliseconds. */
const LONGEST_EVALUATION = 1_000;

/** One request with what is known of it so far. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  principal?: Principal;
}

/** Opens streams of events, in plain terms of node:http ahead of the framework, which would keep more in memory for each of them. */
@Injectable()
export class StreamHandler {
  private readonly log: RequestLog;
  private readonly cors: Cors;

  constructor(
    private readonly streams: FlagStreams,
    private readonly tickets: StreamTickets,
    private readonly announcements: Announcements,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.log = new RequestLog(logger, metrics.requests);
    this.cors = new Cors(env.flagsCorsOrigins);
  }

  /** @returns false when it is not for here, and the framework has an answer: for other methods. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || !hasOneHost(request)) return false;
    const exchange: Exchange = { request, response, requestId: requestIdOf(request) };
    // The route only: the URL has the ticket.
    this.log.follow(response, () => ({
      requestId: exchange.requestId,
      method: request.method!,
      route: EVENTS_PATH,
      principal: exchange.principal,
    }));
    response.setHeader('X-Request-Id', exchange.requestId);
    void this.serve(exchange);
    return true;
  }

  /** For requests that come through the framework: they have an id and get their line there. */
  async answer(request: KaitenRequest, response: ServerResponse): Promise<void> {
    await this.serve({ request, response, requestId: request.requestId });
  }

  private async serve(exchange: Exchange): Promise<void> {
    const { request, response, requestId } = exchange;
    try {
      // Its body is never read, and would be taken for the connection's next request.
      if (hasBody(request)) response.setHeader('Connection', 'close');
      if (this.cors.varies) response.setHeader('Vary', 'Origin');
      const headers = this.cors.headersFor(request.headers.origin);
      for (let i = 0; i < headers.length; i += 2) response.setHeader(headers[i]!, headers[i + 1]!);
      await this.open(exchange);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const problem = problemOf(error);
      logOutage(this.logger, problem, requestId);
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Referrer-Policy', 'no-referrer');
      sendProblem(response, problem, EVENTS_PATH);
    }
  }

  /** @throws Problem 401, 429 or 503, or whatever keeps it from being decided. */
  private async open(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const text = ticketOf(request.url!);
    const ticket = text === undefined ? undefined : await this.tickets.take(text);
    if (!ticket) throw invalidTicket();
    const record = await this.streams.tokens.verify(ticket.tokenHash, request);
    if (!record) throw invalidTicket();
    exchange.principal = toPrincipal(record);
    try {
      if (isExpired(ticket, Date.now())) throw invalidTicket();
      const stream = new ClientStream(response, request, record, versionOf(request) ?? ticket.version);
      if (request.method === 'HEAD') return stream.answerHead();
      response.once('close', () => this.streams.forget(stream));
      await this.streams.open(stream, ticket.issuedAt - LONGEST_EVALUATION);
    } catch (error) {
      this.announcements.noteRefused(record.id, clientAddress(request, this.env.gatewayNetworks));
      throw error;
    }
  }
}

/** The ticket of the URL, which has to be exactly one. */
function ticketOf(url: string): string | undefined {
  const start = url.indexOf('?');
  const tickets = start < 0 ? [] : new URLSearchParams(url.slice(start)).getAll('ticket');
  return tickets.length === 1 ? tickets[0] : undefined;
}

/** What EventSource says when it connects again: the id of the last event, which is the version that it told of. */
function versionOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

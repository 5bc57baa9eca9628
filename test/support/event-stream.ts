import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:http';

/** A server-sent event as it arrived. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  /** The parsed JSON. */
  readonly data: any;
}

const PATIENCE_MS = 10_000;

/** A client of server-sent events that shows everything: comments, heads and ends as well. */
export class EventStream {
  readonly events: ServerEvent[] = [];
  readonly comments: string[] = [];
  retry: number | undefined;
  /** Whether the server has ended it, in whatever way. */
  hasEnded = false;
  private text = '';
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.read(chunk));
    response.on('error', () => undefined);
    response.on('close', () => {
      this.hasEnded = true;
      this.wake();
    });
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    const asking = request(url, { headers: { Accept: 'text/event-stream', ...headers }, agent: false });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return new EventStream(response);
  }

  get status(): number {
    return this.response.statusCode!;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The rest of an answer that is no stream, parsed. */
  async problem(): Promise<any> {
    await this.until(() => this.hasEnded);
    return JSON.parse(this.text);
  }

  /** Waits for so many events since the beginning. @returns the last of them. */
  async event(count: number): Promise<ServerEvent> {
    await this.until(() => this.events.length >= count);
    return this.events[count - 1]!;
  }

  async ended(): Promise<void> {
    await this.until(() => this.hasEnded);
  }

  /** @throws Error when it takes too long, or the stream ends before. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isSo()) {
      if (this.hasEnded) throw new Error(`the stream has ended; it had ${JSON.stringify(this.events)}`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`it took too long; the stream has ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left);
        const { waiting } = this;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  close(): void {
    this.response.destroy();
  }

  private read(chunk: string): void {
    this.text += chunk;
    if (this.headers['content-type'] === 'text/event-stream') {
      const blocks = this.text.split('\n\n');
      this.text = blocks.pop()!;
      for (const block of blocks) this.take(block.split('\n'));
    }
    this.wake();
  }

  private take(lines: readonly string[]): void {
    const valueOf = (field: string): string | undefined =>
      lines.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2);
    this.comments.push(...lines.filter((line) => line.startsWith(':')));
    const retry = valueOf('retry');
    if (retry !== undefined) this.retry = Number(retry);
    const data = valueOf('data');
    if (data !== undefined) this.events.push({ id: valueOf('id'), event: valueOf('event'), data: JSON.parse(data) });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}

import { IncomingMessage } from 'node:http';

/** Who wants a body. One of the two is called, once, and throws nothing. */
interface Collector {
  /** The largest body that is read, in bytes. */
  readonly most: number;
  readonly done: (body: Buffer) => void;
  /** It is larger, and the rest is thrown away; or it ended before it was there. */
  readonly failed: (reason: 'too large' | 'cut') => void;
}

export interface BodyRequest extends IncomingMessage {
  /** Collects the body: what has arrived by now, and what still does. To be called once. */
  collect(collector: Collector): void;
}

const EMPTY = Buffer.alloc(0);

/**
 * A class of `BodyRequest`s, which the caller may give another prototype. Pieces of a body are taken where node:http hands them over, and go round
 * the stream that a request is: for small bodies the stream takes longer than all that is done with them.
 */
export function createRequestClass(): typeof IncomingMessage {
  return class Request extends IncomingMessage implements BodyRequest {
    private collector: Collector | undefined = undefined;
    private pieces: Buffer[] | undefined = undefined;
    private size = 0;

    collect(collector: Collector): void {
      this.collector = collector;
      this.pieces = [];
      this.size = 0;
      // Also where nothing has arrived: a body that nobody has begun to read is thrown away when the request is answered.
      const early = this.read() as Buffer | null;
      if (early !== null) this.add(early);
      if (this.complete) this.finish();
    }

    /** What node:http calls with each piece, and in the end with null. */
    override push(piece: Buffer | null, encoding?: BufferEncoding): boolean {
      if (this.collector === undefined) return super.push(piece, encoding);
      if (piece !== null) return this.add(piece);
      super.push(null);
      this.finish();
      return false;
    }

    override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
      super._destroy(error, callback);
      this.release()?.failed('cut');
    }

    /** @returns whether there may be more. */
    private add(piece: Buffer): boolean {
      this.size += piece.length;
      if (this.size > this.collector!.most) {
        this.release()!.failed('too large');
        // Bytes that have come and were not read would have the connection reset when it ends, and the client might not see the answer.
        this.resume();
        return true;
      }
      this.pieces!.push(piece);
      return true;
    }

    private finish(): void {
      const { pieces } = this;
      // What is left of the stream is its end.
      this.resume();
      this.release()?.done(pieces!.length > 1 ? Buffer.concat(pieces!) : (pieces![0] ?? EMPTY));
    }

    private release(): Collector | undefined {
      const { collector } = this;
      this.collector = this.pieces = undefined;
      return collector;
    }
  };
}

import type { DestinationStream } from 'pino';

/** What whole pieces of the log are given to. */
export interface Pieces {
  /** Takes the piece over. */
  write(piece: Buffer): void;
  /** Has written what it was given when it returns. */
  flushSync(): void;
}

/** The most bytes of UTF-8 that a unit of a string's length takes. */
const BYTES_PER_UNIT = 3;

/**
 * Collects lines of the log as the bytes that they are written as. pino's own destination collects them in one text, which it measures from its
 * beginning at every line: several times what a line costs otherwise.
 */
export class LineBuffer implements DestinationStream {
  private piece: Buffer;
  private used = 0;

  /** @param size of a piece, in bytes; a longer line is a piece of its own. */
  constructor(
    private readonly pieces: Pieces,
    private readonly size: number,
  ) {
    this.piece = Buffer.allocUnsafeSlow(size);
  }

  write(line: string): void {
    const most = line.length * BYTES_PER_UNIT;
    if (most > this.size - this.used) this.flush();
    if (most > this.size) this.pieces.write(Buffer.from(line));
    else this.used += this.piece.write(line, this.used);
  }

  /** Passes on what has been collected. */
  flush(): void {
    if (this.used === 0) return;
    this.pieces.write(this.piece.subarray(0, this.used));
    // The old one belongs to who writes it.
    this.piece = Buffer.allocUnsafeSlow(this.size);
    this.used = 0;
  }

  /** Has written what has been collected when it returns. pino asks for it behind a line of level fatal. */
  flushSync(): void {
    this.flush();
    this.pieces.flushSync();
  }
}

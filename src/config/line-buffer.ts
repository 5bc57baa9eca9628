import type { DestinationStream } from 'pino';

/** What whole pieces of the log are given to: pino's destination for buffers. */
export interface Pieces {
  write(piece: Buffer): unknown;
  flush(): void;
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
    if (most > this.size) this.pass(Buffer.from(line));
    else this.used += this.piece.write(line, this.used);
  }

  /** Writes what has been collected, without waiting for it. */
  flush(): void {
    this.passCollected();
    this.pieces.flush();
  }

  /** Has written what has been collected when it returns. */
  flushSync(): void {
    this.passCollected();
    this.pieces.flushSync();
  }

  private passCollected(): void {
    if (this.used === 0) return;
    this.pieces.write(this.piece.subarray(0, this.used));
    // The old one belongs to who writes it.
    this.piece = Buffer.allocUnsafeSlow(this.size);
    this.used = 0;
  }

  private pass(piece: Buffer): void {
    this.pieces.write(piece);
    this.pieces.flush();
  }
}

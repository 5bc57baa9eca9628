/** Smaller bodies are quicker to make than to keep. */
const SMALLEST = 16 * 1024;

/** Sizes are multiples of this, so that bodies of different organizations find room in the same pieces. */
const STEP = 64 * 1024;

/** What is kept for the next bodies, in bytes. */
const MOST_KEPT = 8 * 1024 * 1024;

/**
 * Memory for large bodies, which is used again when a body has been sent. Fresh memory has to be mapped, cleared and collected, which takes
 * longer than everything else that is done for a body of 100 kB.
 */
export class BodyMemory {
  private readonly free: Buffer[] = [];
  private kept = 0;

  /** @returns a buffer of the length; it goes back by `giveBack`, when nobody reads it any more. */
  take(length: number): Buffer {
    if (length < SMALLEST) return Buffer.allocUnsafe(length);
    // The last one is most likely still in the processor's cache.
    const index = this.free.findLastIndex((piece) => piece.length >= length);
    if (index === -1) return Buffer.allocUnsafeSlow(Math.ceil(length / STEP) * STEP).subarray(0, length);
    const [piece] = this.free.splice(index, 1);
    this.kept -= piece!.length;
    return piece!.subarray(0, length);
  }

  giveBack(body: Buffer): void {
    const { byteLength } = body.buffer;
    if (body.length < SMALLEST || this.kept + byteLength > MOST_KEPT) return;
    this.kept += byteLength;
    this.free.push(Buffer.from(body.buffer, 0, byteLength));
  }
}

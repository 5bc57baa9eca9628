import { writeSync } from 'node:fs';
import type { Pieces } from './line-buffer.js';

/** The most bytes that wait for a reader; what comes on top of them is lost. */
const MOST_WAITING = 8 * 1024 * 1024;

/** Milliseconds between two tries while the reader takes nothing. */
const PAUSE = 50;

/** How long the end of the process waits for a reader, in milliseconds. */
const LONGEST_END = 1_000;

interface Waiting {
  bytes: Buffer;
  /** How many bytes of the log are lost with it. */
  readonly worth: number;
}

/** Writes to a file descriptor as far as it will take it. @returns how many bytes it took. @throws Error as `fs.writeSync` does. */
export type Write = (piece: Buffer) => number;

/**
 * Writes the log to where it goes. What happens there is no reason to stop serving, nor to keep the process from ending: without a reader, or a
 * place on the disk, pieces of the log are lost, and a line says how much. While a reader is slow they wait, up to a limit.
 */
export class LogOutput implements Pieces {
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  private lostBytes = 0;
  /** Whether what was written last ends within a line. */
  private isCut = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly writeOut: Write) {}

  /** Standard output. Unless somebody asks for the stream, a pipe to a reader that takes nothing would stop the process at the next write. */
  static toStdout(): LogOutput {
    const { fd } = process.stdout;
    return new LogOutput((piece) => writeSync(fd, piece));
  }

  write(piece: Buffer): void {
    if (this.waiting.length > 0 && this.waitingBytes + piece.length > MOST_WAITING) this.lostBytes += piece.length;
    else {
      if (this.lostBytes > 0) this.sayLoss();
      this.append(piece, piece.length);
    }
    if (this.timer === undefined) this.goOn();
  }

  /** Writes what waits. Gives up when nobody takes it for a second. */
  flushSync(): void {
    let patience = LONGEST_END;
    while (!this.writeWaiting() && patience > 0) {
      sleep(PAUSE);
      patience -= PAUSE;
    }
  }

  private goOn(): void {
    this.timer = undefined;
    if (!this.writeWaiting()) this.timer = setTimeout(() => this.goOn(), PAUSE).unref();
  }

  /** @returns whether nothing waits any more. */
  private writeWaiting(): boolean {
    for (;;) {
      const [first] = this.waiting;
      if (first === undefined) return true;
      const { bytes } = first;
      let written: number;
      try {
        written = this.writeOut(bytes);
      } catch (error) {
        if (isTakingNothing(error)) return false;
        this.lose();
        return true;
      }
      this.waitingBytes -= written;
      this.isCut = written < bytes.length;
      if (this.isCut) first.bytes = bytes.subarray(written);
      else this.waiting.shift();
    }
  }

  private append(bytes: Buffer, worth: number): void {
    this.waiting.push({ bytes, worth });
    this.waitingBytes += bytes.length;
  }

  /** The line stands where the lost ones would. */
  private sayLoss(): void {
    const { lostBytes } = this;
    const line = { level: 50, time: new Date().toISOString(), msg: 'a part of the log is lost', bytes: lostBytes };
    this.lostBytes = 0;
    const begin = this.isCut && this.waiting.length === 0 ? '\n' : '';
    this.append(Buffer.from(`${begin}${JSON.stringify(line)}\n`), lostBytes);
  }

  private lose(): void {
    for (const { worth } of this.waiting.splice(0)) this.lostBytes += worth;
    this.waitingBytes = 0;
  }
}

function isTakingNothing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EBUSY' || code === 'EINTR';
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

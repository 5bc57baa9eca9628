import type { LoggerService } from '@nestjs/common';
import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import type { Env } from './env.js';
import { LineBuffer } from './line-buffer.js';
import { LogOutput } from './log-output.js';

/** One JSON line per event. Lines are collected for a moment, because a write per request costs more than the request's routing. */
export function createLogger(env: Pick<Env, 'logLevel'>, destination?: DestinationStream): Logger {
  const stream = destination ?? bufferedStdout();
  return pino({ level: env.logLevel, base: undefined, timestamp: timeMember() }, stream);
}

/** A write costs as much as two dozen lines. */
const PIECE = 32 * 1024;

/** At most 100 ms and one piece of lines wait to be passed on; a regular exit writes them. `LogOutput` keeps what a slow reader has not taken. */
function bufferedStdout(): DestinationStream {
  const stream = new LineBuffer(LogOutput.toStdout(), PIECE);
  setInterval(() => stream.flush(), 100).unref();
  process.once('exit', () => stream.flushSync());
  return stream;
}

/** The member of a line that says when, in ISO 8601. Lines of the same millisecond share it: a date takes as long to write as half a line. */
function timeMember(): () => string {
  let at = NaN;
  let member = '';
  return () => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      member = `,"time":"${new Date(now).toISOString()}"`;
    }
    return member;
  };
}

/** Lets Nest write into our log: warnings and errors as they are, its start-up chatter as debug. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ msg: String(message), context });
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ msg: String(message), context });
  }

  error(message: unknown, ...details: unknown[]): void {
    this.logger.error({ msg: String(message), details: details.map(String) });
  }
}

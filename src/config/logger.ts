import type { LoggerService } from '@nestjs/common';
import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import type { Env } from './env.js';

/** One JSON line per event. Lines are collected for a moment, because a write per request costs more than the request's routing. */
export function createLogger(env: Pick<Env, 'logLevel'>, destination?: DestinationStream): Logger {
  const stream = destination ?? bufferedStdout();
  return pino({ level: env.logLevel, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

/** At most 100 ms and 32 KiB of lines wait in memory; a regular exit writes them. A write costs as much as two dozen lines. */
function bufferedStdout(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: false, minLength: 32 * 1024, maxWrite: 64 * 1024 });
  setInterval(() => stream.flush(), 100).unref();
  process.once('exit', () => stream.flushSync());
  return stream;
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

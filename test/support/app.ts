import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env.js';
import { createLogger } from '../../src/config/logger.js';
import type { Route } from '../../src/http/route-table.js';
import { createHttpServer } from '../../src/http/listen.js';
import { createRequestHandler } from '../../src/request-handler.js';
import { createApp, routesOf } from '../../src/setup-app.js';
import { openDataSource, openOwner } from './database.js';
import { mintedTokens } from './minted-tokens.js';
import { freePort } from './ports.js';

/** The application as the server runs it, listening on a free port, with its log kept. */
export interface TestApp {
  readonly url: string;
  /** The same at the console's port, where sessions count; only with `console`. */
  readonly consoleUrl: string;
  /** What listens there. */
  readonly consoleServer?: Server;
  readonly app: NestExpressApplication;
  readonly server: Server;
  readonly dataSource: DataSource;
  readonly owner: DataSource;
  readonly routes: readonly Route[];
  /** Log lines so far, as text. */
  log(): string;
}

/** Uses of tokens and counts of evaluations are written half a minute later: in the middle of a test that expects rows to stay as they are. */
const QUIET = { TOKEN_USE_TRACKING: 'off', FLAG_EVALUATION_COUNTS: 'off' };

/** Whatever has been built meanwhile is no suite's business. */
const NO_CONSOLE = '/nowhere';

interface Options {
  readonly poolSize?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Also listens at the console's port, which is a free one. */
  readonly console?: boolean;
  /** Where a built console lies, asked when the suite begins. */
  readonly consoleDirectory?: () => string;
}

let current: TestApp | undefined;

/** The suite's application. */
export function testApp(): TestApp {
  if (!current) throw new Error('call useApp() in the suite');
  return current;
}

/**
 * Gives the suite an application before its first test. When it is over, its whole log is searched for every token that it minted.
 */
export function useApp(options: Options = {}): void {
  const lines: string[] = [];
  let consoleServer: Server | undefined;
  beforeAll(async () => {
    const consolePort = options.console ? await freePort() : 3000;
    const logger = createLogger({ logLevel: 'debug' }, { write: (line: string) => void lines.push(line) });
    const dataSource = await openDataSource(options.poolSize);
    const env = readEnv({ ...QUIET, CONSOLE_PORT: String(consolePort), ...options.env });
    const app = await createApp(env, logger, dataSource, options.consoleDirectory?.() ?? NO_CONSOLE);
    const server = createHttpServer(createRequestHandler(app));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    if (options.console) {
      consoleServer = createHttpServer(createRequestHandler(app));
      await new Promise<void>((resolve) => consoleServer!.listen(consolePort, '127.0.0.1', resolve));
    }
    current = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      consoleUrl: `http://127.0.0.1:${consolePort}`,
      consoleServer,
      app,
      server,
      dataSource,
      owner: await openOwner(),
      routes: routesOf(app).routes,
      log: () => lines.join(''),
    };
  });
  afterAll(async () => {
    const { app, server, dataSource, owner, log } = testApp();
    for (const each of consoleServer ? [server, consoleServer] : [server]) {
      each.closeAllConnections();
      await new Promise((resolve) => each.close(resolve));
    }
    await app.close();
    if (dataSource.isInitialized) await dataSource.destroy();
    await owner.destroy();
    const text = log();
    expect(mintedTokens.filter((token) => text.includes(token.replace(/^ksh_/, '')))).toEqual([]);
  });
}

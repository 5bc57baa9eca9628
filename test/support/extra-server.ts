import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { readEnv } from '../../src/config/env.js';
import { createLogger } from '../../src/config/logger.js';
import { createDataSource } from '../../src/database/data-source.js';
import { ENTITIES } from '../../src/entities.js';
import { createHttpServer } from '../../src/http/listen.js';
import { createRequestHandler } from '../../src/request-handler.js';
import { createApp } from '../../src/setup-app.js';
import { databaseUrl } from './database.js';

/** One more server beside the suite's, with an environment or a database of its own. */
export interface ExtraServer {
  readonly url: string;
  readonly app: NestExpressApplication;
  /** The lines of what failed. */
  log(): string;
  close(): Promise<void>;
}

interface Options {
  readonly databaseUrl?: string;
  /** Any, unless said otherwise. */
  readonly port?: number;
  /** Where a built console lies: nowhere, unless said otherwise. */
  readonly consoleDirectory?: string;
}

export async function startExtraServer(env: NodeJS.ProcessEnv, options: Options = {}): Promise<ExtraServer> {
  const { databaseUrl: url = databaseUrl() } = options;
  const dataSource = await createDataSource({ url, poolSize: 4, entities: ENTITIES }).initialize();
  const lines: string[] = [];
  const logger = createLogger({ logLevel: 'error' }, { write: (line: string) => void lines.push(line) });
  const app = await createApp(readEnv(env), logger, dataSource, options.consoleDirectory ?? '/nowhere');
  const server = createHttpServer(createRequestHandler(app));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    log: () => lines.join(''),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    },
  };
}

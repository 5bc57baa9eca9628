import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { readEnv } from './config/env.js';
import type { Env } from './config/env.js';
import { createLogger } from './config/logger.js';
import type { OpenDatabase } from './database/open-database.js';
import { openDatabase } from './database/open-database.js';
import { prepareQuickstart } from './demo/quickstart.js';
import type { Quickstart } from './demo/quickstart.js';
import { ENTITIES } from './entities.js';
import { closeServer, listen } from './http/listen.js';
import { serveMetrics } from './metrics/metrics-server.js';
import { Metrics } from './metrics/metrics.js';
import { FlagStreams } from './ofrep/streams/flag-streams.js';
import { createRequestHandler } from './request-handler.js';
import { createApp } from './setup-app.js';

/** What a running server consists of, as far as it has come up. */
interface Parts {
  readonly servers: Server[];
  database?: OpenDatabase;
  app?: NestExpressApplication;
}

/** Starts the server, and has it stop in order when the process is told to. Progress goes to stderr, the log to stdout. */
export async function start(): Promise<void> {
  const env = readEnv();
  const say = (message: string): void => void process.stderr.write(`${message}\n`);
  const parts: Parts = { servers: [] };
  const started = bringUp(env, parts, say).catch(async (error: unknown) => {
    await stop(env, parts);
    throw error;
  });
  // Also while it is starting: PostgreSQL would be left behind otherwise.
  stopOnSignal(say, () => started.catch(() => undefined).then(() => stop(env, parts)));
  say(await started);
}

/** @returns what to say when it is ready. */
async function bringUp(env: Env, parts: Parts, say: (message: string) => void): Promise<string> {
  const logger = createLogger(env);
  const database = (parts.database = await openDatabase(env, ENTITIES, say));
  const app = (parts.app = await createApp(env, logger, database.dataSource));
  const handler = createRequestHandler(app);
  parts.servers.push(await listen(handler, { host: env.host, port: env.port, variable: 'PORT' }));
  parts.servers.push(await listen(handler, { host: env.host, port: env.consolePort, variable: 'CONSOLE_PORT' }));
  if (env.metricsListen) parts.servers.push(await serveMetrics(app.get(Metrics).createRegistry(), env.metricsListen));
  const { embedded } = database;
  if (!embedded) return welcome(env, undefined);
  const urls = { apiUrl: `http://localhost:${env.port}/api`, consoleUrl: env.publicUrl };
  await embedded.recordServing(urls);
  return welcome(env, await prepareQuickstart(app, embedded.adminUrl, { ...urls, dataDir: env.dataDir }));
}

/** Requests first, of which streams would never end by themselves, then what they need. */
async function stop(env: Env, parts: Parts): Promise<void> {
  parts.app?.get(FlagStreams).stop();
  await Promise.all(parts.servers.map((server) => closeServer(server, env.shutdownGraceSeconds)));
  await parts.app?.close();
  await parts.database?.close();
}

function stopOnSignal(say: (message: string) => void, stopInOrder: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('Stopping...');
      stopInOrder().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`Did not stop in order: ${(error as Error).message}`);
          process.exit(1);
        },
      );
    });
  }
}

function welcome(env: Env, quickstart: Quickstart | undefined): string {
  const api = `http://localhost:${env.port}/api`;
  const lines = ['', 'kaiten-server is ready.', ''];
  if (quickstart) {
    lines.push(
      `Try it:`,
      `  curl ${api}/customers -H "Authorization: Bearer ${quickstart.token}"`,
      '',
      `Sign in to the console, once and within 15 minutes:`,
      `  ${quickstart.signInUrl}`,
      '',
      `The same facts for programs: ${env.dataDir}/quickstart.json`,
      `Data:                        ${env.dataDir}`,
    );
  }
  lines.push(`API:                         ${api}`, `Documentation (Swagger UI):  ${env.publicUrl}/api/docs`, '');
  return lines.join('\n');
}

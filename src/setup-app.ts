import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Env } from './config/env.js';
import { NestLog } from './config/logger.js';
import { findConsole, serveConsole } from './console/serve-console.js';
import { redirectRootToDocs, serveDocs } from './docs.js';
import { JsonAdapter } from './http/json-adapter.js';
import { noRoute, ProblemFilter } from './http/problem.filter.js';
import { requestContext, RequestLog } from './http/request-context.js';
import { RouteTable } from './http/route-table.js';
import { Metrics } from './metrics/metrics.js';

export const PREFIX = 'api';

/**
 * The application with everything that surrounds its routes; the same for the server, the e2e suites and the OpenAPI writer.
 *
 * @param consoleDirectory where the built console lies, if one has been built.
 */
export async function createApp(
  env: Env,
  logger: Logger,
  dataSource: DataSource,
  consoleDirectory = findConsole(),
): Promise<NestExpressApplication> {
  const adapter = new JsonAdapter();
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(env, logger, dataSource), adapter, {
    logger: new NestLog(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.setGlobalPrefix(PREFIX);
  app.use(requestContext(new RequestLog(logger, app.get(Metrics).requests)));

  let routes: RouteTable | undefined;
  app.useGlobalFilters(new ProblemFilter(logger, () => (routes ??= RouteTable.of(app, PREFIX))));
  serveDocs(app);
  adapter.routeThroughTree();
  await app.init();
  app.use(serveConsole(consoleDirectory, env), redirectRootToDocs, noRoute);
  return app;
}

export function routesOf(app: NestExpressApplication): RouteTable {
  return RouteTable.of(app, PREFIX);
}

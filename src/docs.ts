import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { buildOpenApi } from './openapi.js';

/** Serves the OpenAPI document at /api/openapi.json, and Swagger UI over it at /api/docs. Public: it holds nobody's data. */
export function serveDocs(app: NestExpressApplication): void {
  app.use('/api/docs', helmet({ contentSecurityPolicy: DOCS_POLICY, strictTransportSecurity: false }));
  SwaggerModule.setup('api/docs', app, () => buildOpenApi(app), {
    customSiteTitle: 'Kaiten API',
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true, tryItOutEnabled: true },
  });
}

/** Swagger UI sets styles from its script; scripts, and where they may send things, are ours alone. */
const DOCS_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: [`'self'`],
    styleSrc: [`'self'`, `'unsafe-inline'`],
    imgSrc: [`'self'`, 'data:'],
    frameAncestors: [`'none'`],
    baseUri: [`'none'`],
    formAction: [`'none'`],
  },
};

/** `/` leads to the documentation where there is no console: at PORT, and where none has been built. */
export function redirectRootToDocs(request: Request, response: Response, next: NextFunction): void {
  if (request.path !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
  response.writeHead(302, { Location: '/api/docs' }).end();
}

import type { RequestListener } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Jwks, JWKS_PATH } from './gateway/jwks.js';
import { Validate, VALIDATE_PATH } from './gateway/validate.js';
import { waitsToContinue } from './http/expect-continue.js';
import type { JsonAdapter } from './http/json-adapter.js';
import type { Handler } from './http/listen.js';
import { OfrepHandler } from './ofrep/ofrep-handler.js';
import { FLAGS_PATH } from './ofrep/ofrep-path.js';
import { EVENTS_PATH } from './ofrep/streams/events-path.js';
import { StreamHandler } from './ofrep/streams/stream-handler.js';

/** All that is answered on PORT and CONSOLE_PORT: a few paths ahead of the framework, and everything else by it. */
export function createRequestHandler(app: NestExpressApplication): Handler {
  const adapter = app.getHttpAdapter() as unknown as JsonAdapter;
  const framework = adapter.getInstance<RequestListener>();
  const ahead = new Map<string, RequestListener>([
    [VALIDATE_PATH, app.get(Validate).handle],
    [JWKS_PATH, app.get(Jwks).handle],
  ]);
  const ofrep = app.get(OfrepHandler);
  const streams = app.get(StreamHandler);
  const handler: RequestListener = (request, response) => {
    const path = pathOf(request.url!);
    const handle = ahead.get(path);
    if (handle) return handle(request, response);
    if (path.startsWith(FLAGS_PATH) && ofrep.handle(request, response)) return;
    if (path === EVENTS_PATH && streams.handle(request, response)) return;
    if (waitsToContinue(request)) response.writeContinue();
    framework(request, response);
  };
  return Object.assign(handler, { messages: adapter.messages });
}

/** What stands before the path of a target in absolute form, which every server must take (RFC 9112, section 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]+(?=\/)/i;

function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

import type { IncomingMessage, RequestListener } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Jwks, JWKS_PATH } from './gateway/jwks.js';
import { Validate, VALIDATE_PATH } from './gateway/validate.js';
import type { JsonAdapter } from './http/json-adapter.js';
import type { Handler } from './http/listen.js';

/** All that is answered on PORT and CONSOLE_PORT: a few exact paths ahead of the framework, and everything else by it. */
export function createRequestHandler(app: NestExpressApplication): Handler {
  const adapter = app.getHttpAdapter() as unknown as JsonAdapter;
  const framework = adapter.getInstance<RequestListener>();
  const ahead = new Map<string, RequestListener>([
    [VALIDATE_PATH, app.get(Validate).handle],
    [JWKS_PATH, app.get(Jwks).handle],
  ]);
  const handler: RequestListener = (request, response) => {
    const handle = ahead.get(pathOf(request.url!));
    if (handle) return handle(request, response);
    if (waitsToContinue(request)) response.writeContinue();
    framework(request, response);
  };
  return Object.assign(handler, { messages: adapter.messages });
}

/** RFC 9110, section 10.1.1: the client keeps its body until it is asked for it. */
function waitsToContinue({ headers: { expect }, httpVersion }: IncomingMessage): boolean {
  return expect !== undefined && httpVersion === '1.1' && expect.toLowerCase() === '100-continue';
}

/** What stands before the path of a target in absolute form, which every server must take (RFC 9112, section 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]+(?=\/)/i;

function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

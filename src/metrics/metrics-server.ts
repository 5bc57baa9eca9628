import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { listen } from '../http/listen.js';
import { Problem, sendProblem } from '../http/problem.js';

const PATH = '/metrics';

/**
 * Serves the metrics, and nothing else, on an address of their own: they say how the process is, which is for those who run it.
 *
 * @throws Error naming METRICS_LISTEN when it cannot listen there.
 */
export function serveMetrics(
  registry: Registry,
  where: { readonly host: string; readonly port: number },
): Promise<Server> {
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    answer(registry, request, response).catch(() => response.destroy());
  };
  return listen(handler, { ...where, variable: 'METRICS_LISTEN' });
}

async function answer(
  registry: Registry,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = url.split('?', 1);
  if (path !== PATH) {
    sendProblem(response, new Problem(404, 'NOT_FOUND', `there is nothing but ${PATH}`), path);
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    const headers = { Allow: 'GET, HEAD' };
    sendProblem(response, new Problem(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here`, { headers }), path);
    return;
  }
  const text = await registry.metrics();
  response.writeHead(200, {
    'Content-Type': registry.contentType,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

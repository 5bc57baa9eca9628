import { ServerResponse } from 'node:http';
import { isPromise } from 'node:util/types';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestHandler, Response } from 'express';
import express from 'express';
import { holdContexts } from '../tenancy/tenant-context.js';
import { createRequestClass } from './body-request.js';
import { endTogether } from './end-together.js';
import type { Messages } from './listen.js';
import { parseQuery } from './query.js';
import { RouteTree } from './route-tree.js';

/**
 * Answers with JSON, or with nothing. Express would compute an ETag, look at Accept and split the content type for every answer; none
 * of that means anything here.
 */
export class JsonAdapter extends ExpressAdapter {
  /** What servers of this adapter's requests are to make them of. */
  readonly messages: Messages;
  private tree?: RouteTree;

  constructor() {
    const instance = createExpress();
    super(instance);
    this.messages = messagesOf(instance);
  }

  /** Routes that are registered from now on are found through a tree, after the middlewares that there are by now. */
  routeThroughTree(): void {
    this.tree = new RouteTree();
    this.use(this.tree.dispatch);
  }

  override get(...route: unknown[]): void {
    this.register('GET', route, (all) => super.get(...(all as [never])));
  }

  override post(...route: unknown[]): void {
    this.register('POST', route, (all) => super.post(...(all as [never])));
  }

  override put(...route: unknown[]): void {
    this.register('PUT', route, (all) => super.put(...(all as [never])));
  }

  override patch(...route: unknown[]): void {
    this.register('PATCH', route, (all) => super.patch(...(all as [never])));
  }

  override delete(...route: unknown[]): void {
    this.register('DELETE', route, (all) => super.delete(...(all as [never])));
  }

  override status(response: Response, statusCode: number): Response {
    response.statusCode = statusCode;
    return response;
  }

  override reply(response: Response, body: unknown, statusCode?: number): void {
    if (statusCode !== undefined) response.statusCode = statusCode;
    if (body === undefined || body === null) {
      response.end();
      return;
    }
    const text = JSON.stringify(body);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(text));
    // So that whatever fails from here on knows of the answer.
    response.writeHead(response.statusCode);
    endTogether(response, text);
  }

  private register(method: string, route: unknown[], otherwise: (route: unknown[]) => void): void {
    const [path, handler] = route;
    if (route.length !== 2) return otherwise(route);
    const held = holding(handler as RequestHandler);
    if (!this.tree?.add(method, path as string, held)) otherwise([path, held]);
  }
}

/** The handler with its context held until it is done, which may be when the client has gone. */
function holding(handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const done: unknown = handler(request, response, next);
    if (isPromise(done)) {
      const release = holdContexts();
      done.then(release, release);
    }
    return done;
  };
}

/** Express reads most of its settings when its first middleware is added, which Nest's adapter does at once. */
function createExpress(): express.Express {
  const instance = express();
  instance.set('query parser', parseQuery);
  instance.set('etag', false);
  instance.set('x-powered-by', false);
  // One spelling for a route: rules that a gateway has for a path must not be got around by another.
  instance.set('case sensitive routing', true);
  return instance;
}

/**
 * Classes whose instances have Express' prototypes from the beginning. Express sets the prototypes of each request and response, which gives
 * them another shape in the middle of their lives; node:http's own code, which meets both shapes then, takes a third more time, also for
 * requests that Express never sees.
 */
function messagesOf(instance: express.Express): Messages {
  const Request = createRequestClass();
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, instance.request);
  Object.setPrototypeOf(Response.prototype, instance.response);
  instance.request = Request.prototype as express.Request;
  instance.response = Response.prototype as express.Response;
  return { IncomingMessage: Request, ServerResponse: Response as typeof ServerResponse };
}

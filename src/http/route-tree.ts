import type { NextFunction, Request, RequestHandler, Response } from 'express';

interface Route {
  /** As it was registered, e.g. `/api/customers/:customerSlug`. */
  readonly path: string;
  readonly parameters: readonly string[];
  readonly handler: RequestHandler;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  readonly routes: Map<string, Route>;
}

const newNode = (): Node => ({ literals: new Map(), routes: new Map() });

/** Paths of literal segments and `:parameters`; Express has more, which nobody here needs. */
const PLAIN_PATH = /^(?:\/(?::?[A-Za-z0-9_.-]+))+$/;

/**
 * Finds a request's route segment by segment, so that the time does not grow with the number of routes; Express tries one pattern after
 * the other. A literal segment wins over a parameter, whichever was registered first. As in Express, a trailing slash makes no
 * difference, and HEAD is answered by GET.
 */
export class RouteTree {
  private readonly root = newNode();

  /** @returns false for a path that the tree cannot hold. */
  add(method: string, path: string, handler: RequestHandler): boolean {
    if (!PLAIN_PATH.test(path)) return false;
    const parameters: string[] = [];
    let node = this.root;
    for (const segment of path.slice(1).split('/')) {
      if (segment.startsWith(':')) {
        parameters.push(segment.slice(1));
        node = node.parameter ??= newNode();
      } else {
        let next = node.literals.get(segment);
        if (!next) node.literals.set(segment, (next = newNode()));
        node = next;
      }
    }
    if (!node.routes.has(method)) node.routes.set(method, { path, parameters, handler });
    return true;
  }

  /** The middleware that calls the request's handler, or goes on when there is none. */
  readonly dispatch = (request: Request, response: Response, next: NextFunction): void => {
    const values: string[] = [];
    const { method } = request;
    const route = find(this.root, pathOf(request), 1, method === 'HEAD' ? 'GET' : method, values);
    if (!route) {
      next();
      return;
    }
    const params: Record<string, string> = {};
    for (let i = 0; i < values.length; i++) params[route.parameters[i]!] = decode(values[i]!);
    request.params = params;
    request.route = route;
    const done: unknown = route.handler(request, response, next);
    if (done instanceof Promise) done.catch(next);
  };
}

/** Nearly every target is a path and perhaps a query; Express deals with the other forms (RFC 9112, 3.2). */
function pathOf(request: Request): string {
  const { url } = request;
  if (!url.startsWith('/')) return request.path;
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** @param start where the next segment begins. @param values receives the parameters' texts. */
function find(node: Node, path: string, start: number, method: string, values: string[]): Route | undefined {
  if (start >= path.length) return node.routes.get(method);
  const slash = path.indexOf('/', start);
  const end = slash === -1 ? path.length : slash;
  if (end === start) return undefined;
  const segment = path.slice(start, end);
  const literal = node.literals.get(segment);
  const route = literal && find(literal, path, end + 1, method, values);
  if (route || !node.parameter) return route;
  values.push(segment);
  const behind = find(node.parameter, path, end + 1, method, values);
  if (!behind) values.pop();
  return behind;
}

/** The URL's escapes have been checked by then. */
function decode(text: string): string {
  return text.includes('%') ? decodeURIComponent(text) : text;
}

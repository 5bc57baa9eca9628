import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import type { Access } from '../auth/access.js';
import { ACCESS } from '../auth/access.js';

/** One route as its controller declares it. */
export interface Route {
  readonly method: string;
  /** With the prefix, and parameters as `:name`. */
  readonly path: string;
  readonly access: Access | undefined;
  readonly controller: string;
  readonly handler: string;
}

/** All routes of the application: what answers 405, and what the generated tests walk. */
export class RouteTable {
  private readonly patterns: readonly { readonly pattern: RegExp; readonly method: string }[];

  constructor(readonly routes: readonly Route[]) {
    this.patterns = routes.map(({ path, method }) => ({ pattern: toPattern(path), method }));
  }

  /** Methods that the path has routes for, HEAD with GET; empty when there is no such path. */
  methodsOf(path: string): string[] {
    const methods = this.patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  }

  /** Reads the routes from the controllers' decorators. */
  static of(app: INestApplication, prefix: string): RouteTable {
    const routes: Route[] = [];
    for (const module of app.get(ModulesContainer).values()) {
      for (const { metatype } of module.controllers.values()) {
        if (typeof metatype !== 'function') continue;
        const base = Reflect.getMetadata(PATH_METADATA, metatype) as string;
        for (const handler of Object.getOwnPropertyNames(metatype.prototype)) {
          const method = (metatype.prototype as Record<string, object>)[handler]!;
          const path =
            handler === 'constructor' ? undefined : (Reflect.getMetadata(PATH_METADATA, method) as string | undefined);
          if (path === undefined) continue;
          routes.push({
            method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod],
            path: [prefix, base, path]
              .flatMap((part) => part.split('/'))
              .filter(Boolean)
              .map((part) => `/${part}`)
              .join(''),
            access: Reflect.getMetadata(ACCESS, method) as Access | undefined,
            controller: metatype.name,
            handler,
          });
        }
      }
    }
    return new RouteTable(routes);
  }
}

function toPattern(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}/?$`);
}

import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import send from 'send';
import type { Env } from '../config/env.js';
import { arrivedForConsole } from '../network/console-port.js';

/** Where the console's build puts files whose names have their contents' hash in them. */
const HASHED = '/assets/';

const PAGE = '/index.html';

const YEAR = 365 * 24 * 3600;

/** What the build has compressed beside each file, the smallest first: its suffix, and its name in Accept-Encoding. */
const COMPRESSED = [
  ['.br', 'br'],
  ['.gz', 'gzip'],
] as const;

/** The folder of the built console, beside the sources or what they have been built to. */
export function findConsole(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, 'console', 'dist');
}

/**
 * Serves the console's files at CONSOLE_PORT, and its page for whatever else a browser asks for as a page: those are the console's own routes.
 *
 * @param directory may not be there: then nothing is served.
 */
export function serveConsole(directory: string, env: Env): RequestHandler {
  if (!existsSync(join(directory, PAGE))) return (_request, _response, next) => next();
  return (request, response, next) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading || !arrivedForConsole(request, env)) return next();
    protect(request, response, () => {
      const file: Asked = { directory, request, response, path: request.path === '/' ? PAGE : request.path };
      const otherwise = isPage(request) ? () => sendFile({ ...file, path: PAGE }, next) : next;
      sendFile(file, otherwise);
    });
  };
}

/** A file that is missing is missing, and not the page; and a program that takes anything has not asked for a page. */
const isPage = ({ path, headers: { accept = '' } }: Request): boolean =>
  !path.startsWith(HASHED) && accept.includes('text/html');

interface Asked {
  readonly directory: string;
  readonly request: Request;
  readonly response: Response;
  /** As in a URL. `send` lets none out of the directory. */
  readonly path: string;
}

/** Sends the file as small as the client takes it. @param otherwise is called when there is none. */
function sendFile(asked: Asked, otherwise: () => void): void {
  const taken = COMPRESSED.filter(([, encoding]) => asked.request.acceptsEncodings(encoding) === encoding);
  const attempt = ([variant, ...rest]: (readonly [suffix: string, encoding: string])[]): void => {
    if (variant) sendVariant(asked, variant, () => attempt(rest));
    else otherwise();
  };
  attempt([...taken, ['', '']]);
}

function sendVariant(
  { directory, request, response, path }: Asked,
  [suffix, encoding]: readonly [suffix: string, encoding: string],
  otherwise: () => void,
): void {
  const failed = (): void => {
    // It may have been deleted while it was read.
    if (response.headersSent) response.destroy();
    else otherwise();
  };
  const options = { root: directory, index: false, cacheControl: false, lastModified: false, acceptRanges: false };
  send(request, path + suffix, options)
    .on('error', failed)
    .on('directory', failed)
    .on('headers', () => {
      response.type(extname(path));
      response.setHeader('Vary', 'Accept-Encoding');
      if (encoding) response.setHeader('Content-Encoding', encoding);
      const caching = path.startsWith(HASHED) ? `public, max-age=${YEAR}, immutable` : 'no-cache';
      response.setHeader('Cache-Control', caching);
    })
    .pipe(response);
}

/** Nothing but what the console consists of, from where it comes from; and it is in nobody's frame. */
const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: [`'none'`],
      scriptSrc: [`'self'`],
      styleSrc: [`'self'`],
      imgSrc: [`'self'`, 'data:'],
      fontSrc: [`'self'`],
      connectSrc: [`'self'`],
      frameAncestors: [`'none'`],
      baseUri: [`'none'`],
      formAction: [`'none'`],
      // Nothing may be written into the page as text that could be a script: not by us, not by a library. No policy exempts anybody.
      requireTrustedTypesFor: [`'script'`],
      trustedTypes: [`'none'`],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  // Whether there is HTTPS at all is decided by what stands in front of the server.
  strictTransportSecurity: false,
});

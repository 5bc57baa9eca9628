import { randomUUID } from 'node:crypto';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { KaitenRequest } from '../auth/principal.js';
import { isDatabaseUnavailable, isSchemaMismatch, isUndoneForAnother } from '../database/database-errors.js';
import { gaveWay, internalError, malformed, Problem, schemaBehind, sendProblem, unavailable } from './problem.js';
import type { RouteTable } from './route-table.js';

/** Turns whatever was thrown into a problem. What nobody foresaw says nothing but an id, under which the log has the cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: () => RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<KaitenRequest>();
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = error instanceof NotFoundException ? this.unrouted(request) : problemOf(error);
    logOutage(this.logger, problem, request.requestId);
    sendProblem(response, problem, pathOf(request));
  }

  /** Nest has no route for the request: none for its path, or none for its method. */
  private unrouted(request: KaitenRequest): Problem {
    const methods = this.routes().methodsOf(pathOf(request));
    if (methods.length === 0) return routeNotFound();
    return new Problem(405, 'METHOD_NOT_ALLOWED', `${request.method} is not possible here`, {
      headers: { Allow: methods.join(', ') },
    });
  }
}

/** What is said of an error, whatever it is. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseUnavailable(error)) return unavailable(error);
  if (isUndoneForAnother(error)) return gaveWay(error);
  if (isSchemaMismatch(error)) return schemaBehind(error);
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { status?: number } | undefined)?.status;
  if (status !== undefined && status >= 400 && status < 500) return malformed('the request could not be read');
  return internalError(randomUUID(), error);
}

/** Writes the cause of a problem that is the server's own into the log. */
export function logOutage(logger: Logger, problem: Problem, requestId: string): void {
  if (problem.status < 500) return;
  const { cause, errorId } = problem.extras;
  logger.error({ msg: problem.code, requestId, errorId, err: describe(cause ?? problem) });
}

/** Answers what lies outside of the API's prefix, where Nest does not look. */
export function noRoute(request: Request, response: Response): void {
  sendProblem(response, routeNotFound(), request.path);
}

const routeNotFound = (): Problem => new Problem(404, 'NOT_FOUND', 'there is no such resource');

/** The whole path; Express takes the prefix off it where it looks for routes below the prefix. */
function pathOf(request: KaitenRequest): string {
  return request.baseUrl + request.path;
}

/** An error for the log. The parameters of a failed query stay out of it: they may hold a token's hash. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const { code, query } = error as { code?: string; query?: string };
  return { name, message, code, query, stack };
}

import type { IncomingMessage } from 'node:http';
import type { ExecutionContext, PipeTransform, Type } from '@nestjs/common';
import { createParamDecorator, Injectable } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { BodyRequest } from './body-request.js';
import { parseJson } from './json.js';
import { malformed, Problem } from './problem.js';
import { takeSteps } from './steps.js';
import { validationSteps } from './validation.js';

/** The largest body that is read, in bytes. */
export const LARGEST_BODY = 1024 * 1024;

/**
 * Reads, parses and validates the request's body. It is a pipe and not a middleware, so that the guard has spoken first: what
 * nobody may send is not read.
 */
@Injectable()
class JsonBodyPipe implements PipeTransform<IncomingMessage, Promise<object>> {
  constructor(
    private readonly dto: Type<object>,
    private readonly options: BodyOptions,
  ) {}

  async transform(request: IncomingMessage): Promise<object> {
    assertJson(request);
    const bytes = await readBody(request);
    if (bytes.length === 0 && !this.options.optional) throw malformed('the request has no body');
    const value = bytes.length === 0 ? {} : parseJson(bytes);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw malformed('the body is not a JSON object');
    return takeSteps(validationSteps(this.dto, value, 'body'));
  }
}

const RequestParam = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<unknown>(),
);

interface BodyOptions {
  /** No body at all is an empty object: all of its fields may be left out. */
  readonly optional?: boolean;
}

/** The validated body, as an instance of the parameter's class. */
export function JsonBody(options: BodyOptions = {}): ParameterDecorator {
  return (target, method, index) => {
    const types = Reflect.getMetadata('design:paramtypes', target, method!) as Type<object>[];
    const dto = types[index]!;
    RequestParam(new JsonBodyPipe(dto, options))(target, method, index);
    ApiBody({ type: dto, required: !options.optional })(
      target,
      method!,
      Object.getOwnPropertyDescriptor(target, method!)!,
    );
  };
}

/** With whatever may stand behind it. */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** @throws Problem 415. A body of no stated type is taken for JSON, as `curl -d` without a header is not: it states another. */
export function assertJson(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'the body must not be compressed', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
  if (type === undefined || type === 'application/json' || JSON_TYPE.test(type)) return;
  throw notJson();
}

export const notJson = (): Problem =>
  new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'the body must be application/json, in UTF-8', {
    headers: { Accept: 'application/json' },
  });

/** Rejects with a Problem 413 for more than `LARGEST_BODY` bytes; the rest is thrown away, and the connection ends with the answer. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => collectBody(request, resolve, reject));
}

/** The same without a promise, for where that costs too much. Calls one of the two, once. */
export function collectBody(
  request: IncomingMessage,
  done: (body: Buffer) => void,
  failed: (problem: Problem) => void,
): void {
  // The client has gone while it was decided whether it may send anything: nothing more will be heard of it.
  // Or it has been answered meanwhile, and node:http throws the body away.
  if (request.destroyed || request.readableFlowing) return failed(bodyCut());
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return failed(bodyTooLarge());
  (request as BodyRequest).collect({
    most: LARGEST_BODY,
    done,
    failed: (reason) => failed(reason === 'cut' ? bodyCut() : bodyTooLarge()),
  });
}

const bodyCut = (): Problem => malformed('the body ended early');

export const bodyTooLarge = (): Problem =>
  new Problem(413, 'PAYLOAD_TOO_LARGE', `the body is larger than ${LARGEST_BODY} bytes`, {
    headers: { Connection: 'close' },
  });

import { applyDecorators, HttpCode } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiProblems } from './api-problem.js';
import { bodyTooLarge, notJson } from './json-body.js';
import type { Problem } from './problem.js';
import { internalError, malformed, unavailable, validationFailed } from './problem.js';

interface OperationOptions {
  /** The contract's operationId. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Status of success, and the schema of its body if it has one. */
  readonly status: 200 | 201 | 204;
  readonly answer?: Type<unknown>;
  /** Headers that the success has besides the usual ones. */
  readonly headers?: readonly (keyof typeof ANSWER_HEADERS)[];
  /** Where input is read from, besides the path: adds the problems that reading it may have. */
  readonly input?: 'query' | 'body';
  /** What else it may refuse with: an example of each problem, as its function in `<domain>.errors.ts` makes it. */
  readonly problems?: readonly Problem[];
  /** What the examples of request and answer say instead of the fields' own examples. */
  readonly example?: object;
  /** The same for the request alone. */
  readonly requestExample?: object;
}

/** Headers that only some answers have, for `components.headers`. */
export const ANSWER_HEADERS = {
  ETag: {
    description: 'Names this version of the resource: another one after each change. For `If-Match`.',
    schema: { type: 'string', examples: ['"1764"'] },
  },
};

/** Carries the examples to where the document is put together. */
export const EXAMPLES = 'x-examples';

const SUCCESS = { 200: 'Success.', 201: 'Created.', 204: 'Done. There is no body.' };

const INPUT_PROBLEMS: Readonly<Record<'query' | 'body', readonly Problem[]>> = {
  query: [
    malformed('the cursor is not one of this list', [
      {
        location: 'query.cursor',
        message: 'must be the nextCursor of an answer with the same sort and filters',
        value: 'AbCd',
      },
    ]),
    validationFailed([{ location: 'query.limit', message: 'must be a whole number from 1 to 200', value: 201 }]),
  ],
  body: [
    malformed('the body is not valid JSON'),
    bodyTooLarge(),
    notJson(),
    validationFailed([{ location: 'body.colour', message: 'is not known here', value: 'pink' }]),
  ],
};

/** Documents an operation and sets its success status. */
export function Operation(options: OperationOptions): MethodDecorator {
  const { id, summary, description, status, answer, input, problems = [], example, requestExample } = options;
  const headers = Object.fromEntries(
    (options.headers ?? []).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId: id, summary, description }),
    ApiResponse({ status, type: answer, description: SUCCESS[status], headers: headers as never }),
    ApiExtension(EXAMPLES, { both: example, request: requestExample }),
    ApiProblems(
      ...(input ? INPUT_PROBLEMS[input] : []),
      ...problems,
      internalError('0b0c3f2e-9b7c-4f0e-8a55-6d7e0f1a2b3c'),
      unavailable(),
    ),
  );
}

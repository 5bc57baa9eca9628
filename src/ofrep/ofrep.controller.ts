import { applyDecorators, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { KaitenRequest } from '../auth/principal.js';
import { Scopes } from '../auth/access.js';
import { bodyTooLarge, notJson } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { EVALUATION_SCOPE, OfrepHandler } from './ofrep-handler.js';
import { ALL_FLAGS, oneFlag } from './ofrep-path.js';

const jsonOf = (schema: string): object => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});

const Body = (schema: string, required: boolean): MethodDecorator =>
  ApiBody({ required, schema: { $ref: `#/components/schemas/${schema}` } });

const TAG = {
  ETag: {
    description: 'Names these evaluations for this context. For `If-None-Match`.',
    schema: { type: 'string', examples: ['W/"rL0Y20zC-Fzt72VPzMSk2A"'] },
  },
};

/** What the protocol answers in forms of its own. */
const Answers = (
  success: string,
  failures: Readonly<Record<number, string>>,
  description: string,
  headers?: object,
): MethodDecorator =>
  applyDecorators(
    ApiResponse({ status: 200, description: 'Success.', headers: headers as never, ...jsonOf(success) }),
    ...Object.entries(failures).map(([status, schema]) =>
      ApiResponse({ status: Number(status), description, ...jsonOf(schema) }),
    ),
  );

/**
 * The protocol's operations for the route table, and so for the document, the guard and the tests of every route. `OfrepHandler` answers
 * nearly all requests before the framework sees them, and the others here.
 */
@ApiTags('ofrep')
@Controller('ofrep/v1/evaluate/flags')
export class OfrepController {
  constructor(private readonly handler: OfrepHandler) {}

  @Post()
  @ApiResponse({
    status: 304,
    description: 'What `If-None-Match` names is still the answer. There is no body.',
    headers: TAG as never,
  })
  @Answers('BulkEvaluationSuccess', { 400: 'BulkEvaluationFailure' }, 'The body or its context cannot be read.', TAG)
  @Body('BulkEvaluationRequest', false)
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'Tags of answers that the client has.' })
  @Scopes(EVALUATION_SCOPE)
  @Operation({
    id: 'evaluateFlagsBulk',
    summary: 'Evaluate all feature flags for a context',
    description:
      "OFREP, for OpenFeature's client SDKs. The `ETag` changes when an answer does: with the flags, the context, what rules read under " +
      '`__kaiten`, and time where a rollout by date is under way.',
    status: 200,
    problems: [bodyTooLarge(), notJson()],
  })
  evaluateAll(@Req() request: KaitenRequest, @Res() response: Response): void {
    this.handler.answer(request, response, ALL_FLAGS);
  }

  @Post(':key')
  @Answers(
    'EvaluationSuccess',
    { 400: 'EvaluationFailure', 404: 'EvaluationFailure' },
    'There is no value, for the reason that `errorCode` gives.',
  )
  @Body('EvaluationRequest', false)
  @ApiParam({ name: 'key', description: 'Slug of the feature flag.', example: 'new-checkout' })
  @Scopes(EVALUATION_SCOPE)
  @Operation({
    id: 'evaluateFlag',
    summary: 'Evaluate a feature flag for a context',
    description: "OFREP, for OpenFeature's server SDKs.",
    status: 200,
    problems: [bodyTooLarge(), notJson()],
  })
  evaluate(@Param('key') key: string, @Req() request: KaitenRequest, @Res() response: Response): void {
    this.handler.answer(request, response, oneFlag(key));
  }
}

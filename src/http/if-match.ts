import type { IncomingMessage } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

const IfMatchParam = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<IncomingMessage>().headers['if-match'],
);

/** The request's If-Match, if it has one; for `satisfiesIfMatch`. */
export function IfMatch(): ParameterDecorator {
  return (target, method, index) => {
    IfMatchParam()(target, method, index);
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The `ETag` that must still hold, or several. Without it, whatever is there is replaced.',
      example: '"1764"',
      schema: { type: 'string' },
    })(target, method!, Object.getOwnPropertyDescriptor(target, method!)!);
  };
}

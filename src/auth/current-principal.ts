import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { KaitenRequest, Principal } from './principal.js';

/** Who asks. The guard has put it there for every route that is not public. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToHttp().getRequest<KaitenRequest>().principal!,
);

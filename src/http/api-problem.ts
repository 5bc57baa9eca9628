import { ApiResponse } from '@nestjs/swagger';
import type { Problem } from './problem.js';
import { problemBody } from './problem.js';

const PROBLEMS = Symbol('Problems');

/**
 * Documents what an operation may refuse with. The problems are examples, made by the functions that make them for answers, so that
 * code, status and wording cannot differ. Several decorators of one operation add up.
 */
export function ApiProblems(...problems: readonly Problem[]): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const all = [...((Reflect.getMetadata(PROBLEMS, handler) as Problem[] | undefined) ?? []), ...problems];
    Reflect.defineMetadata(PROBLEMS, all, handler);
    for (const status of new Set(problems.map((problem) => problem.status))) {
      documentStatus(
        status,
        all.filter((problem) => problem.status === status),
      )(target, key, descriptor);
    }
  };
}

function documentStatus(status: number, problems: readonly Problem[]): MethodDecorator {
  const sorted = [...problems].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const examples = Object.fromEntries(sorted.map((problem) => [nameOf(problem), { value: problemBody(problem, '') }]));
  return ApiResponse({
    status,
    // The descriptions of several would be strung together; the document gets one when all are known.
    description: '',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  });
}

/** The code; where that says no more than the status does, with the place of the fault. */
function nameOf({ code, extras }: Problem): string {
  const location = code.includes('.') ? undefined : extras.errors?.[0]?.location;
  return location === undefined ? code : `${code}-${location.replace(/[^A-Za-z0-9._-]/g, '_')}`;
}

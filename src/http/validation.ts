import type { Type } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { validateSync } from 'class-validator';
import { inputFieldsOf, inputRuleOf } from './input-fields.js';
import type { ProblemDetail } from './problem.js';
import { validationFailed } from './problem.js';
import type { Steps } from './steps.js';
import { takeStepsAtOnce } from './steps.js';

/**
 * Makes an instance of `dto` from parsed input and validates it. Unknown keys are errors. Values are taken as they are, not copied:
 * what lies inside of a JSON document is the client's, `constructor` included.
 *
 * @param part where the input comes from: the first word of each error's location.
 * @throws Problem 422 with one entry per thing that is wrong.
 */
export function validateInput<T extends object>(dto: Type<T>, input: object, part: 'body' | 'query'): T {
  return takeStepsAtOnce(validationSteps(dto, input, part));
}

/** The same in steps, of which a rule that takes long makes some. */
export function* validationSteps<T extends object>(dto: Type<T>, input: object, part: 'body' | 'query'): Steps<T> {
  const errors: ProblemDetail[] = [];
  const instance = yield* readingSteps(dto, input, part, errors);
  if (errors.length > 0) throw validationFailed(errors);
  return instance;
}

/**
 * The same for a part of an input, whose fields are not what they should be when it adds to `errors`.
 *
 * @param location of that part.
 */
export function readInput<T extends object>(dto: Type<T>, input: object, location: string, errors: ProblemDetail[]): T {
  return takeStepsAtOnce(readingSteps(dto, input, location, errors));
}

function* readingSteps<T extends object>(
  dto: Type<T>,
  input: object,
  location: string,
  errors: ProblemDetail[],
): Steps<T> {
  const fields = inputFieldsOf(dto);
  const instance = new dto();
  const inside: ProblemDetail[] = [];
  // There may be 100,000 of them, which are too many for the arguments of one call.
  const add = (some: readonly ProblemDetail[]): void => some.forEach((error) => errors.push(error));
  for (const [key, value] of Object.entries(input) as [string, unknown][]) {
    const read = fields.get(key);
    const at = `${location}.${key.slice(0, 200)}`;
    if (read) (instance as Record<string, unknown>)[key] = read(value, at, inside);
    else errors.push({ location: at, message: 'is not known here', value });
  }
  const own = validateSync(instance, { forbidUnknownValues: true, validationError: { target: false } });
  add(own.flatMap((error) => details(error, location)));
  add(inside);
  const rule = inputRuleOf(dto);
  if (rule) add(yield* rule(instance, location));
  return instance;
}

function details(error: ValidationError, parent: string): ProblemDetail[] {
  const location = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : `${parent}.${error.property.slice(0, 200)}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({
    location,
    message,
    value: error.value as unknown,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => details(child, location))];
}

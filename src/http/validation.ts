import type { Type } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { validateSync } from 'class-validator';
import { inputFieldsOf } from './input-fields.js';
import type { ProblemDetail } from './problem.js';
import { validationFailed } from './problem.js';

/**
 * Makes an instance of `dto` from parsed input and validates it. Unknown keys are errors. Values are taken as they are, not copied:
 * what lies inside of a JSON document is the client's, `constructor` included.
 *
 * @param part where the input comes from: the first word of each error's location.
 * @throws Problem 422 with one entry per thing that is wrong.
 */
export function validateInput<T extends object>(dto: Type<T>, input: object, part: 'body' | 'query'): T {
  const fields = inputFieldsOf(dto);
  const instance = new dto();
  const unknown: ProblemDetail[] = [];
  for (const [key, value] of Object.entries(input) as [string, unknown][]) {
    const read = fields.get(key);
    if (read) (instance as Record<string, unknown>)[key] = read(value);
    else unknown.push({ location: `${part}.${key.slice(0, 200)}`, message: 'is not known here', value });
  }
  const errors = validateSync(instance, { forbidUnknownValues: true, validationError: { target: false } });
  if (errors.length > 0 || unknown.length > 0) {
    throw validationFailed([...unknown, ...errors.flatMap((error) => details(error, part))]);
  }
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

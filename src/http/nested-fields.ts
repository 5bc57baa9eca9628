import type { Type } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import type { FieldOptions } from './fields.js';
import { field } from './fields.js';
import type { FieldReader } from './input-fields.js';
import type { ProblemDetail } from './problem.js';
import { readInput } from './validation.js';

/** Fields that have fields of their own, which are read as strictly as those of the whole. */

/** Classes by the word that their `type` has. */
export type Kinds = Readonly<Record<string, Type<object>>>;

/** An object of a class. */
export const Part = (type: Type<object>, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: { type } as ApiPropertyOptions, read: readPart(type) }, IsJsonObject());

/** An object of the class that its `type` names. @param api how that is documented. */
export const PartOfKind = (kinds: Kinds, api: object, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: api as ApiPropertyOptions, read: readKind(kinds) }, IsJsonObject());

/** A list of objects of a class. */
export const Parts = (type: Type<object>, most: number, options: FieldOptions = {}): PropertyDecorator =>
  list(most, options, { type: [type], maxItems: most } as object, readPart(type));

/** A list of objects, each of the class that its `type` names. @param api how that is documented. */
export const PartsOfKinds = (kinds: Kinds, most: number, api: object, options: FieldOptions = {}): PropertyDecorator =>
  list(most, options, api, readKind(kinds));

/** Whole numbers under names that the client chooses. */
export const NamedNumbers = (most: number, options: FieldOptions = {}): PropertyDecorator =>
  field(
    options,
    {
      api: {
        type: 'object',
        additionalProperties: { type: 'integer', format: 'int64', minimum: 0, maximum: most },
      } as ApiPropertyOptions,
      read: readNumbers(most),
    },
    IsJsonObject(),
  );

/** Any value of JSON; `api` says which are meant. */
export const JsonValue = (api: object, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: api as ApiPropertyOptions }, IsGiven());

const list = (most: number, options: FieldOptions, api: object, read: FieldReader): PropertyDecorator =>
  field(options, { api: api as ApiPropertyOptions, read: readList(most, read) }, IsList(most));

const IsList = (most: number): PropertyDecorator =>
  ValidateBy({
    name: 'list',
    validator: {
      validate: (value) => Array.isArray(value) && value.length <= most,
      defaultMessage: (rule) =>
        Array.isArray(rule?.value) ? `must not have more than ${most} items` : 'must be a list',
    },
  });

const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** null is a value. */
const IsGiven = (): PropertyDecorator =>
  ValidateBy({
    name: 'given',
    validator: { validate: (value) => value !== undefined, defaultMessage: () => 'must be given' },
  });

const NOT_AN_OBJECT = 'must be an object';

const IsJsonObject = (): PropertyDecorator =>
  ValidateBy({ name: 'jsonObject', validator: { validate: isJsonObject, defaultMessage: () => NOT_AN_OBJECT } });

const readPart =
  (type: Type<object>): FieldReader =>
  (value, location, errors) =>
    isJsonObject(value) ? readInput(type, value, location, errors) : value;

const readKind =
  (kinds: Kinds): FieldReader =>
  (value, location, errors) => {
    if (!isJsonObject(value)) return value;
    const word = value.type;
    const kind = typeof word === 'string' && Object.hasOwn(kinds, word) ? kinds[word] : undefined;
    if (kind) return readInput(kind, value, location, errors);
    const message = `must be one of ${Object.keys(kinds).join(', ')}`;
    errors.push({ location: `${location}.type`, message, value: word });
    return value;
  };

/** Too long a list is not looked into: its length is what is wrong with it. */
const readList =
  (most: number, read: FieldReader): FieldReader =>
  (value, location, errors) => {
    if (!Array.isArray(value) || value.length > most) return value;
    return value.map((item: unknown, index) => {
      const at = `${location}[${index}]`;
      if (!isJsonObject(item)) errors.push({ location: at, message: NOT_AN_OBJECT, value: item });
      return read(item, at, errors);
    });
  };

const readNumbers =
  (most: number): FieldReader =>
  (value, location, errors) => {
    if (isJsonObject(value)) for (const error of wrongNumbers(value, most, location)) errors.push(error);
    return value;
  };

function wrongNumbers(numbers: Readonly<Record<string, unknown>>, most: number, location: string): ProblemDetail[] {
  return Object.entries(numbers)
    .filter(([, number]) => !(Number.isInteger(number) && (number as number) >= 0 && (number as number) <= most))
    .map(([name, value]) => ({
      location: `${location}.${name.slice(0, 200)}`,
      message: `must be a whole number from 0 to ${most}`,
      value,
    }));
}

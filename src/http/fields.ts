import { applyDecorators } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDate,
  IsIn,
  IsObject,
  IsString,
  Matches,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import type { FieldReader } from './input-fields.js';
import { InputField } from './input-fields.js';
import { isUuid } from './uuid.js';

/**
 * Field decorators that carry validation and documentation at once. A field that may be left out is `optional`; `null` is another
 * matter and allowed only where a field says `nullable`.
 */
export interface FieldOptions {
  readonly optional?: boolean;
  readonly nullable?: boolean;
  /** Answers always have it, although requests may leave it out. */
  readonly answered?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

/** Marks a property in the generated schema until requests have got a schema of their own; see `inputSchema`. */
export const REQUEST_OPTIONAL = 'x-request-optional';

export interface FieldSchema {
  readonly api: ApiPropertyOptions;
  readonly read?: FieldReader;
}

/** A field of any kind: its documentation, how it is read, and what it must keep to. */
export function field(
  options: FieldOptions,
  { api, read }: FieldSchema,
  ...rules: PropertyDecorator[]
): PropertyDecorator {
  const { optional = false, nullable = false, answered = false, description, example } = options;
  const documented = {
    ...api,
    required: !optional || answered,
    [REQUEST_OPTIONAL]: (optional && answered) || undefined,
    // A schema that is referred to says so itself.
    nullable: (nullable && !('allOf' in api)) || undefined,
    description,
    example,
  } as object as ApiPropertyOptions;
  return applyDecorators(
    ApiProperty(documented),
    InputField(read),
    ValidateIf((_, value) => !(optional && value === undefined) && !(nullable && value === null)),
    ...rules,
  );
}

/**
 * A text's length in characters, i.e. code points, as JSON Schema counts. (class-validator's Length leaves variation selectors out.)
 */
const Characters = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'characters',
    validator: {
      validate: (value) => typeof value !== 'string' || hasCharacters(value, min, max),
      defaultMessage: () => `must be ${min} to ${max} characters long`,
    },
  });

function hasCharacters(text: string, min: number, max: number): boolean {
  if (text.length > 2 * max) return false;
  const count = [...text].length;
  return min <= count && count <= max;
}

const NO_CONTROL_CHARACTERS = /^[^\u0000-\u001f\u007f]*$/;

/** One line of text of `min` to `max` characters, of which at least one is no blank. */
export const Text = (min: number, max: number, options: FieldOptions = {}): PropertyDecorator =>
  field(
    options,
    { api: { type: 'string', minLength: min, maxLength: max } },
    IsString(),
    Characters(min, max),
    Matches(NO_CONTROL_CHARACTERS, { message: 'must not contain control characters' }),
    ...(min > 0 ? [Matches(/\S/, { message: 'must not be blank' })] : []),
  );

/** Text that may have several lines. */
export const Paragraphs = (max: number, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: { type: 'string', maxLength: max } }, IsString(), Characters(0, max));

export const SLUG_PATTERN = /^[a-z0-9][a-z0-9-]*[a-z0-9]$/;

/** A slug. One shaped like a UUID is refused: paths take ids as well, and could not tell which is meant. */
export const Slug = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    { optional: true, example: 'sakura-tokyo', ...options },
    { api: { type: 'string', minLength: 2, maxLength: 100, pattern: SLUG_PATTERN.source } },
    IsString(),
    Characters(2, 100),
    Matches(SLUG_PATTERN, {
      message: 'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
    }),
    ValidateBy({
      name: 'notUuid',
      validator: {
        validate: (value) => typeof value !== 'string' || !isUuid(value),
        defaultMessage: () => 'must not look like a UUID',
      },
    }),
  );

export const DOMAIN_PATTERN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/** A domain name in lower case, of two labels or more. */
export const Domain = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    { example: 'tokyo.sakura.example', ...options },
    { api: { type: 'string', maxLength: 253, pattern: DOMAIN_PATTERN.source } },
    IsString(),
    Characters(1, 253),
    Matches(DOMAIN_PATTERN, { message: 'must be a domain name in lower case' }),
  );

export const Choice = <T extends string>(values: readonly T[], options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: { type: 'string', enum: [...values] } }, IsIn(values));

/** A point in time, RFC 3339 with an offset; years 1 to 9999, also in UTC. */
export const Timestamp = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    { example: '2099-01-31T12:00:00Z', ...options },
    { api: { type: 'string', format: 'date-time' }, read: parseTimestamp },
    IsDate({ message: 'must be a time such as 2099-01-31T12:00:00Z' }),
  );

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/** RFC 3339 text as a Date; anything else as it is, so that validation refuses it. Days that do not exist are not moved on. */
function parseTimestamp(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = RFC_3339.exec(value);
  if (!match) return value;
  const [, year, month, day, hour] = match.map(Number);
  const time = new Date(value.toUpperCase());
  const lastDay = new Date(Date.UTC(2000 + (year! % 400), month!, 0)).getUTCDate();
  if (month! < 1 || month! > 12 || day! < 1 || day! > lastDay || hour! > 23) return value;
  // Answers are in UTC and RFC 3339 has four digits for the year. This refuses NaN as well.
  const utcYear = time.getUTCFullYear();
  return year! >= 1 && utcYear >= 1 && utcYear <= 9999 ? time : value;
}

/** Any JSON object, up to `maxBytes` of JSON text. */
export const JsonDocument = (maxBytes: number, options: FieldOptions = {}): PropertyDecorator =>
  field(
    options,
    { api: { type: 'object', additionalProperties: true } },
    IsObject(),
    ValidateBy({
      name: 'maxBytes',
      validator: {
        validate: (value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= maxBytes,
        defaultMessage: () => `must not be larger than ${maxBytes} bytes`,
      },
    }),
  );

/** A list of texts whose items the service judges. */
export const TextList = (max: number, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: { type: 'array', items: { type: 'string' }, maxItems: max } }, IsArray(), ArrayMaxSize(max));

/** One rule, since what is no number is not too small besides. */
const IsWholeNumber = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'wholeNumber',
    validator: {
      validate: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
      defaultMessage: () => `must be a whole number from ${min} to ${max}`,
    },
  });

/** A whole number. */
export const WholeNumber = (min: number, max: number, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: { type: 'integer', format: 'int32', minimum: min, maximum: max } }, IsWholeNumber(min, max));

/** true or false. */
export const Flag = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { api: { type: 'boolean' } }, IsBoolean({ message: 'must be true or false' }));

/** true or false in a query string. */
export const QueryFlag = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    { optional: true, ...options },
    { api: { type: 'boolean' }, read: (value) => (value === 'true' ? true : value === 'false' ? false : value) },
    IsBoolean({ message: 'must be true or false' }),
  );

/** A whole number in a query string. */
export const QueryInteger = (min: number, max: number, options: FieldOptions = {}): PropertyDecorator =>
  field(
    { optional: true, ...options },
    { api: { type: 'integer', format: 'int32', minimum: min, maximum: max }, read: parseInteger },
    IsWholeNumber(min, max),
  );

const parseInteger = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;

/**
 * A field of answers that requests may echo, since the contract has one schema for both: it is known, and what it says is ignored.
 */
export const ReadOnly = (api: ApiPropertyOptions, options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      ...api,
      readOnly: true,
      required: !options.optional,
      ...('description' in options && { description: options.description }),
      ...('example' in options && { example: options.example }),
    } as ApiPropertyOptions),
    InputField(() => undefined),
  );

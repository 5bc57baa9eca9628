/** The parts of an OpenAPI document that are worked on here, as plain JSON. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  enum?: unknown[];
  format?: string;
  readOnly?: boolean;
  nullable?: boolean;
  example?: unknown;
  examples?: unknown[];
  additionalProperties?: boolean | Schema;
  [keyword: string]: unknown;
}

export type Schemas = Record<string, Schema>;

export interface MediaType {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { $ref: string } | { value: { status: number; code: string } }>;
}

export interface Content {
  description?: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, MediaType>;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
  schema: Schema;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
  [extension: `x-${string}`]: unknown;
}

const SCHEMA_REFERENCE = '#/components/schemas/';

export const referenceTo = (name: string): { $ref: string } => ({ $ref: `${SCHEMA_REFERENCE}${name}` });

/** Name of the schema that `$ref` refers to. */
export const referredName = ($ref: string): string => $ref.slice(SCHEMA_REFERENCE.length);

import { REQUEST_OPTIONAL } from './fields.js';
import type { Operation, Schema, Schemas } from './openapi-document.js';
import { referenceTo, referredName } from './openapi-document.js';

/**
 * Gives requests schemas of their own where the resource has fields that only answers must have. The contract has one schema for both
 * and requires read-only fields in it; a validator, and most generators, would then require them in requests.
 */
export function splitRequests(schemas: Schemas, operations: readonly Operation[]): void {
  const media = operations.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}));
  for (const medium of media) {
    const name = referredName(medium.schema.$ref!);
    const required = schemas[name]!.required ?? [];
    const input = inputSchema(schemas[name]!);
    if (input.required?.length === required.length) continue;
    schemas[`${name}Input`] = input;
    medium.schema = referenceTo(`${name}Input`);
  }
  for (const { properties = {} } of Object.values(schemas)) {
    for (const property of Object.values(properties)) delete property[REQUEST_OPTIONAL];
  }
}

/** The same properties, of which only those are required that a request must have. Read-only ones may be echoed, and are ignored. */
function inputSchema(schema: Schema): Schema {
  const properties = schema.properties!;
  const required = (schema.required ?? []).filter(
    (name) => !properties[name]!.readOnly && !properties[name]![REQUEST_OPTIONAL],
  );
  return { ...schema, properties: structuredClone(properties), required };
}

/** Every object is strict, as in the contract: keys that it does not list are refused. */
export function closeSchema(schema: Schema): void {
  if (schema.type === 'object' && schema.additionalProperties === undefined) schema.additionalProperties = false;
}

/** The generator writes OpenAPI 3.0's schemas. In 3.1 null is a type, `example` a list, and a reference may have neighbours. */
export function modernize(schema: Schema): Schema {
  const { nullable, example, allOf, ...rest } = schema;
  if (allOf?.length === 1) {
    // What it refers to says itself what it is.
    Object.assign(rest, allOf[0]);
    delete rest.type;
  } else if (allOf) rest.allOf = allOf.map(modernize);
  if (nullable === true) rest.type = [rest.type as string, 'null'];
  if (example !== undefined) rest.examples = [example];
  if (rest.items) rest.items = modernize(rest.items);
  if (rest.properties) {
    rest.properties = Object.fromEntries(
      Object.entries(rest.properties).map(([name, property]) => [name, modernize(property)]),
    );
  }
  return rest;
}

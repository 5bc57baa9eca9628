import type { MediaType, Operation, Parameter, Schema, Schemas } from './openapi-document.js';
import { referredName } from './openapi-document.js';
import { EXAMPLES } from './operations.js';

/** What a status of refusal means, whatever the operation. */
const MEANINGS: Readonly<Record<string, string>> = {
  400: 'The request cannot be read, or a rule forbids it.',
  401: 'There is no credential, or it is not valid.',
  403: 'The credential does not allow this.',
  404: 'There is no such thing in your organization.',
  409: 'It conflicts with what there is.',
  412: 'It is not the version that `If-Match` names.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The input does not fit its schema; `errors` says where.',
  429: 'Too many; try again after `Retry-After` seconds.',
  500: 'Something went wrong; `errorId` finds it in the log.',
  503: 'It cannot be done now, mostly because the database cannot be used; try again after `Retry-After` seconds.',
};

type Examples = Record<string, { value: { status: number; code: string } }>;

/** Puts examples together from what fields say of themselves, so that a field's example is written once. */
export class ExampleMaker {
  /** Problems that several operations may answer, for `components.examples`. */
  readonly shared: Examples = {};

  constructor(private readonly schemas: Schemas) {}

  /** Adds the examples of an operation at `path`: its parameters, its request, its answer, and each of its problems. */
  document(path: string, operation: Operation): void {
    for (const parameter of operation.parameters) {
      if (parameter.in === 'path' && !parameter.description) this.describeReference(parameter);
    }
    const { both, request: ofRequest } = (operation[EXAMPLES] ?? {}) as { both?: object; request?: object };
    delete operation[EXAMPLES];
    const request = operation.requestBody?.content?.['application/json'];
    if (request) request.example = { ...(this.exampleOf(request.schema, 'request') as object), ...both, ...ofRequest };

    const instance = `/api${path.replace(/\{(\w+)\}/g, (_, name) => exampleOf(operation.parameters, name as string))}`;
    for (const [status, response] of Object.entries(operation.responses)) {
      const answer = response.content?.['application/json'];
      if (answer) answer.example = { ...(this.exampleOf(answer.schema, 'answer') as object), ...both };
      const problem = response.content?.['application/problem+json'];
      if (!problem) continue;
      const codes = this.shareProblems(problem.examples as Examples, instance);
      response.description = `${MEANINGS[status]} ${codes.length === 1 ? 'Code' : 'Codes'}: ${codes.join(', ')}.`;
    }
  }

  /** `{customerSlug}` is the slug of a `Customer`, or its id. */
  private describeReference(parameter: Parameter): void {
    const noun = parameter.name.replace(/Slug$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    parameter.description = `Slug or id of the ${noun}.`;
    parameter.example = this.slugExample(parameter.name);
  }

  private slugExample(parameter: string): string {
    const name = parameter.charAt(0).toUpperCase() + parameter.slice(1).replace(/Slug$/, '');
    const slug = this.schemas[name]?.properties?.slug?.examples?.[0];
    if (typeof slug !== 'string')
      throw new Error(`The path parameter ${parameter} needs a schema ${name} with an example of its slug`);
    return slug;
  }

  /** @returns the codes, for the description. */
  private shareProblems(examples: Examples, instance: string): string[] {
    const codes = new Set<string>();
    for (const [name, example] of Object.entries(examples)) {
      const here = { ...example, value: { ...example.value, instance } };
      const shared = (this.shared[name] ??= here);
      const same = JSON.stringify({ ...shared.value, instance }) === JSON.stringify(here.value);
      (examples as object as NonNullable<MediaType['examples']>)[name] = same
        ? { $ref: `#/components/examples/${name}` }
        : here;
      codes.add(`\`${example.value.code}\``);
    }
    return [...codes];
  }

  /** @throws Error for a required field of which nothing shows what it looks like. */
  private exampleOf(schema: Schema, direction: 'request' | 'answer', where = ''): unknown {
    if (schema.$ref) {
      const name = referredName(schema.$ref);
      return this.exampleOf(this.schemas[name]!, direction, name);
    }
    if (schema.examples) return schema.examples[0];
    if (schema.enum) return schema.enum[0];
    if (schema.type === 'array') return [this.exampleOf(schema.items!, direction, `${where}[]`)];
    if (schema.properties) return this.objectExample(schema, direction, where);
    throw new Error(`${where} needs an example`);
  }

  /** Optional fields are shown where they have an example of their own. */
  private objectExample(schema: Schema, direction: 'request' | 'answer', where: string): object {
    const { properties = {}, required = [] } = schema;
    const shown = Object.entries(properties).filter(
      ([name, property]) =>
        (required.includes(name) || property.examples) && !(direction === 'request' && property.readOnly),
    );
    return Object.fromEntries(
      shown.map(([name, property]) => [name, this.exampleOf(property, direction, `${where}.${name}`)]),
    );
  }
}

const exampleOf = (parameters: readonly Parameter[], name: string): string =>
  String(parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)!.example);

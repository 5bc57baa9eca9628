import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { buildOpenApi } from '../../src/openapi.js';
import type { Schema, Schemas } from '../../src/http/openapi-document.js';
import { referredName } from '../../src/http/openapi-document.js';
import type { Answer } from './api.js';
import { testApp } from './app.js';

interface Operation {
  readonly pattern: RegExp;
  readonly method: string;
  /** Of the request's body; undefined where there is none. */
  readonly request: ValidateFunction | undefined;
  /** `status media-type` -> validator; null where the answer has no body. */
  readonly answers: ReadonlyMap<string, ValidateFunction | null>;
  /** `status code` of the problems that it has examples of. */
  readonly problems: ReadonlySet<string>;
}

let compiled: { app: unknown; operations: Operation[]; problem: ValidateFunction } | undefined;

export interface Request {
  readonly method: string;
  readonly path: string;
  /** What was sent as JSON. */
  readonly body?: unknown;
}

/**
 * Holds an exchange against the document that the application serves.
 *
 * @throws Error when the status, the media type or the body is not documented for the operation, or when the application took a
 * request whose body does not fit its schema.
 */
export function assertDocumented({ method, path, body }: Request, answer: Answer): void {
  const { operations, problem } = compile();
  const pathname = path.split('?')[0]!;
  const operation = operations.find((candidate) => candidate.method === method && candidate.pattern.test(pathname));
  const type = (answer.headers['content-type'] ?? '').split(';')[0]!;
  const where = `${method} ${pathname.slice(0, 200)} -> ${answer.status} ${type}`;
  if (answer.headers['x-request-id'] === undefined) throw new Error(`${where}: no X-Request-Id`);
  const isProblem = answer.status >= 400 && !operation?.answers.has(`${answer.status} application/json`);
  if (isProblem || type === 'application/problem+json') assertProblem(where, type, answer, problem);
  // Answers that come before a route is found are no operation's: unknown paths and methods, and URLs that are no text.
  if (!operation || [405].includes(answer.status) || isUnreadableUrl(answer)) return;
  const validate = operation.answers.get(`${answer.status} ${type}`);
  if (validate === undefined) throw new Error(`${where} is not documented`);
  if (validate === null ? answer.text !== '' : !validate(answer.body)) {
    throw new Error(
      `${where} does not fit its schema: ${JSON.stringify(validate?.errors)}\n${answer.text.slice(0, 500)}`,
    );
  }
  if (isProblem && !operation.problems.has(`${answer.status} ${answer.body.code}`)) {
    throw new Error(`${where}: the code ${answer.body.code} is not documented`);
  }
  if (answer.status < 300 && body !== undefined && !operation.request?.(JSON.parse(JSON.stringify(body)))) {
    throw new Error(`${where}: the request does not fit its schema: ${JSON.stringify(operation.request?.errors)}`);
  }
}

function assertProblem(where: string, type: string, answer: Answer, validate: ValidateFunction): void {
  if (type !== 'application/problem+json' || !validate(answer.body))
    throw new Error(`${where} is no problem: ${answer.text.slice(0, 500)}`);
  const { status, code, instance } = answer.body as { status: number; code: string; instance: string };
  if (status !== answer.status || !code || !instance)
    throw new Error(`${where} is an incomplete problem: ${answer.text}`);
}

const isUnreadableUrl = (answer: Answer): boolean =>
  answer.status === 400 && (answer.body as { instance: string }).instance === '/';

function compile(): NonNullable<typeof compiled> {
  const { app } = testApp();
  if (compiled?.app === app) return compiled;
  const document = buildOpenApi(app);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv, ['date-time', 'uri', 'int32', 'int64']);
  for (const [name, schema] of Object.entries(document.components!.schemas!))
    ajv.addSchema(resolve(schema), `/${name}`);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, DocumentedOperation>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^/api${path.replace(/\{[^}]+\}/g, '[^/]+')}/?$`),
      request: requestOf(operation, ajv, document.components!.schemas as Schemas),
      answers: answersOf(operation, ajv),
      problems: problemsOf(operation),
    })),
  );
  compiled = { app, operations, problem: ajv.getSchema('/Problem')! };
  return compiled;
}

type Content = Readonly<Record<string, { readonly schema: Schema; readonly examples?: object }>>;

interface DocumentedOperation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** What read-only fields of a request say is ignored, whatever it is. */
function requestOf({ requestBody }: DocumentedOperation, ajv: Ajv2020, schemas: Schemas): ValidateFunction | undefined {
  if (!requestBody) return undefined;
  const { properties, ...schema } = schemas[referredName(requestBody.content['application/json']!.schema.$ref!)]!;
  const judged = Object.entries(properties!).map(([name, property]) => [name, property.readOnly ? {} : property]);
  return ajv.compile(resolve({ ...schema, properties: Object.fromEntries(judged) as object }));
}

function answersOf(operation: DocumentedOperation, ajv: Ajv2020): Map<string, ValidateFunction | null> {
  const answers = new Map<string, ValidateFunction | null>();
  for (const [status, { content }] of Object.entries(operation.responses)) {
    if (!content) answers.set(`${status} `, null);
    for (const [type, { schema }] of Object.entries(content ?? {}))
      answers.set(`${status} ${type}`, ajv.compile(resolve(schema) as object));
  }
  return answers;
}

/** Examples of problems are named for their codes. */
function problemsOf({ responses }: DocumentedOperation): Set<string> {
  const names = Object.entries(responses).flatMap(([status, { content }]) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}).map((name) => `${status} ${name.split('-')[0]}`),
  );
  return new Set(names);
}

/** The document's references as references to the schemas' names. */
function resolve<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '/')) as T;
}

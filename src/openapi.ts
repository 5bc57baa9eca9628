import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { GRANTED_SCOPES } from './auth/scopes.js';
import { flagSchemas } from './feature-flags/dto/flag.schemas.js';
import type { Content, Operation, Schemas } from './http/openapi-document.js';
import { ExampleMaker } from './http/openapi-examples.js';
import { closeSchema, modernize, splitRequests } from './http/openapi-schemas.js';
import { ANSWER_HEADERS } from './http/operations.js';
import { problemSchemas } from './http/problem.schema.js';
import { ofrepSchemas } from './ofrep/ofrep.schemas.js';

const DESCRIPTION = `An independent implementation of the Kaiten control-plane API: customers, instances and what they may use.

**Authorization.** \`Authorization: Bearer ksh_…\`. A token carries scopes \`<action>:<module>\`; write implies read, \`read:*\` reads all
modules, \`write:*\` is everything. Everything is the token's organization's; what is another's does not exist. People who have signed in to the console
have a session in a cookie instead, with the scopes of their role.

**Errors** are RFC 9457 problems with a stable \`code\`. A method that a path does not have is a 405 with \`Allow\`.

**Lists** take \`limit\`, \`cursor\`, \`sort\` and \`q\`. A walk ends where an answer has no \`nextCursor\`.

**Gateways** ask \`/api/tokens/validate\` (any method, \`Authorization: Bearer ksh_…\`) and get a principal for the API in the
\`Authorization\` header of a 200, a 401, or a 503 when nobody can tell now. Keys of signed principals are at \`/.well-known/jwks.json\`.

**Requests** are strict: keys that a schema does not list are refused. Read-only fields may be echoed, and are ignored.`;

const TAGS: Readonly<Record<string, string>> = {
  customers: 'The companies that you serve.',
  instances: 'What runs for your customers.',
  featureflags: 'What your applications switch on, and for whom.',
  ofrep: 'Feature flags for OpenFeature: its Remote Evaluation Protocol (OFREP), and its code generators.',
  'service-accounts': 'Machines that call this API, and their tokens.',
  tokens: 'The tokens of the whole organization, and what it asks of them.',
  me: 'Who asks.',
  session: 'People who have signed in to the console.',
  health: 'For orchestrators.',
};

const SECURITY_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'ksh_ token',
  description: "An organization's token. An operation's security requirement lists the scope that it needs.",
  'x-kaiten-scopes': GRANTED_SCOPES,
};

const COOKIE_SCHEME = {
  type: 'apiKey',
  in: 'cookie',
  name: 'kaiten_session',
  description:
    'A session of the console, at CONSOLE_PORT and without an Authorization header. `__Host-kaiten` where PUBLIC_URL is https. ' +
    "What changes something must come from the console's own origin.",
};

const HEADERS = {
  ...ANSWER_HEADERS,
  RequestId: {
    description: "The request's id, also in the log. A well-formed X-Request-Id of the request is kept.",
    schema: { type: 'string', examples: ['3f0b8c9e1d114c539a530f7c1a526d3e'] },
  },
  Challenge: {
    description: 'RFC 6750: what is wrong with the credential, and the scope that is needed.',
    schema: { type: 'string', examples: ['Bearer error="insufficient_scope", scope="read:customers"'] },
  },
  RetryAfter: { description: 'Seconds after which to try again.', schema: { type: 'integer', examples: [1] } },
};

/** The API's OpenAPI 3.1 document, made from the controllers' decorators. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Kaiten API')
    .setDescription(DESCRIPTION)
    .setVersion('1.0.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/api')
    .addBearerAuth(SECURITY_SCHEME as never, 'bearerAuth')
    .addCookieAuth(COOKIE_SCHEME.name, COOKIE_SCHEME as never, 'sessionCookie')
    .addSecurityRequirements('bearerAuth')
    .build();
  // A copy, as JSON has it: the generator hands out objects that the next call would find changed.
  const generated = SwaggerModule.createDocument(app, config, { ignoreGlobalPrefix: true });
  const document = JSON.parse(JSON.stringify(generated)) as OpenAPIObject;
  const operations = operationsOf(document);
  const all = operations.map(({ operation }) => operation);

  const schemas = {
    ...(document.components!.schemas as Schemas),
    ...flagSchemas(),
    ...ofrepSchemas(),
    ...problemSchemas(),
  } as Schemas;
  for (const schema of Object.values(schemas)) closeSchema(schema);
  splitRequests(schemas, all);
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = modernize(schema);

  const examples = new ExampleMaker(schemas);
  for (const { path, operation } of operations) {
    examples.document(path, operation);
    describeAccess(operation);
    for (const [status, response] of Object.entries(operation.responses)) describeHeaders(Number(status), response);
  }
  document.tags = [...new Set(all.flatMap(({ tags }) => tags))].map((name) => ({ name, description: TAGS[name] }));
  document.components = {
    ...document.components,
    schemas: sortKeys(schemas) as never,
    examples: sortKeys(examples.shared),
    headers: HEADERS as never,
  };
  return document;
}

function operationsOf(document: OpenAPIObject): { path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.values(item as Record<string, Operation>).map((operation) => ({ path, operation })),
  );
}

/** Says the scope in words too: few viewers show those of a bearer scheme. */
function describeAccess(operation: Operation): void {
  const bearer = operation.security?.find(({ bearerAuth }) => bearerAuth)?.bearerAuth;
  const access = !operation.security
    ? 'Needs no token.'
    : !bearer
      ? 'Needs a session of the console.'
      : bearer[0]
        ? `Needs the scope \`${bearer[0]}\`.`
        : 'Needs a token, of any scope.';
  operation.security ??= [];
  operation.description = [operation.description, access].filter(Boolean).join('\n\n');
}

function describeHeaders(status: number, response: Content): void {
  const reference = (name: keyof typeof HEADERS): { $ref: string } => ({ $ref: `#/components/headers/${name}` });
  response.headers = { 'X-Request-Id': reference('RequestId'), ...response.headers };
  if (status === 401 || status === 403) response.headers['WWW-Authenticate'] = reference('Challenge');
  if (status === 429 || status === 503) response.headers['Retry-After'] = reference('RetryAfter');
}

function sortKeys<T>(object: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import type { SchemaObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { FLAGS } from './flags.js';

/** What it takes of an answer to judge it. */
export interface ProtocolAnswer {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed body; undefined when there is none. */
  readonly body: any;
}

/** The protocol has one of each: what is said of one flag, and what is said of all. */
type Kind = 'single' | 'bulk';

const PATH = new RegExp(`^${FLAGS}(?:/([^/]+))?/?$`);

const TEXT = { type: 'string' };
const ERROR_DETAILS = TEXT;
const METADATA = { type: 'object', additionalProperties: { type: ['boolean', 'string', 'number'] } };
/** Without any the application's own default is meant. The protocol knows no arrays and no null. */
const VALUE = { type: ['boolean', 'string', 'number', 'object'] };

const failure = (...codes: string[]): SchemaObject => ({
  type: 'object',
  required: ['key', 'errorCode'],
  properties: { key: TEXT, errorCode: { enum: codes }, errorDetails: ERROR_DETAILS, metadata: METADATA },
});

const evaluationSuccess: SchemaObject = {
  type: 'object',
  properties: { key: TEXT, value: VALUE, reason: TEXT, variant: TEXT, metadata: METADATA },
  not: { required: ['errorCode'] },
};
const evaluationFailure = failure('PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT', 'GENERAL');
const flagNotFound = failure('FLAG_NOT_FOUND');

/** Either a whole URL, or its end below an origin, which is the server's unless it is given. */
const eventStream: SchemaObject = {
  type: 'object',
  required: ['type'],
  properties: {
    type: TEXT,
    url: { type: 'string', format: 'uri' },
    endpoint: {
      type: 'object',
      required: ['requestUri'],
      properties: { origin: { type: 'string', format: 'uri' }, requestUri: { type: 'string', pattern: '^/' } },
    },
    inactivityDelaySec: { type: 'integer', minimum: 1 },
  },
  oneOf: [{ required: ['url'] }, { required: ['endpoint'] }],
};

const bulkEvaluationSuccess: SchemaObject = {
  type: 'object',
  required: ['flags'],
  properties: {
    flags: { type: 'array', items: { oneOf: [evaluationSuccess, evaluationFailure] } },
    metadata: METADATA,
    eventStreams: { type: 'array', items: eventStream },
  },
};
const bulkEvaluationFailure: SchemaObject = {
  type: 'object',
  required: ['errorCode'],
  properties: { errorCode: TEXT, errorDetails: ERROR_DETAILS },
};

/** What is wrong with a request as a whole, or with the server. We add the words that clients look for to all of them. */
const generalErrorResponse: SchemaObject = {
  type: 'object',
  required: ['errorCode', 'errorDetails'],
  properties: { errorCode: { const: 'GENERAL' }, errorDetails: ERROR_DETAILS },
};

const eventData: SchemaObject = {
  type: 'object',
  required: ['type'],
  properties: { type: TEXT, etag: TEXT, lastModified: { type: ['string', 'integer'] } },
};

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
addFormats.default(ajv, ['uri']);

const SCHEMAS: Readonly<Record<Kind, Readonly<Record<number, ValidateFunction>>>> = {
  single: {
    200: ajv.compile(evaluationSuccess),
    400: ajv.compile(evaluationFailure),
    404: ajv.compile(flagNotFound),
  },
  bulk: { 200: ajv.compile(bulkEvaluationSuccess), 400: ajv.compile(bulkEvaluationFailure) },
};
const general = ajv.compile(generalErrorResponse);
const isEventData = ajv.compile(eventData);

/**
 * Holds an answer against the OpenFeature Remote Evaluation Protocol (OFREP 0.3.0), written anew from what its OpenAPI document says. Answers
 * of other operations, and those that are given before an operation is found, are no business of the protocol.
 *
 * @throws Error with what is wrong with it.
 */
export function assertProtocol(method: string, path: string, answer: ProtocolAnswer): void {
  const kind = kindOf(path.split('?')[0]!);
  if (method !== 'POST' || kind === undefined || isUnreadableUrl(answer)) return;
  const where = `${kind} evaluation -> ${answer.status}`;
  const { body, headers, status } = answer;
  if (kind === 'bulk' && (status === 200 || status === 304) && !headers.etag) throw new Error(`${where}: no ETag`);
  if (status === 304) {
    if (kind === 'single' || body !== undefined) throw new Error(`${where}: is none, or has a body`);
    return;
  }
  const schema = SCHEMAS[kind][status];
  if (schema && !headers['content-type']?.startsWith('application/json')) throw new Error(`${where}: not JSON`);
  if (!schema && status < 400) throw new Error(`${where}: not a status of the protocol`);
  if ((status === 429 || status === 503) && !/^[0-9]+$/.test(headers['retry-after'] ?? ''))
    throw new Error(`${where}: no Retry-After in whole seconds`);
  const validate = schema ?? general;
  if (!validate(body))
    throw new Error(`${where}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body).slice(0, 500)}`);
}

/** Holds the data of an event, parsed, against the protocol. @throws Error with what is wrong with it. */
export function assertEventData(data: unknown): void {
  if (!isEventData(data)) throw new Error(`event: ${ajv.errorsText(isEventData.errors)}`);
}

/** @param path without a query. */
function kindOf(path: string): Kind | undefined {
  const [found, key] = PATH.exec(path) ?? [];
  if (found === undefined) return undefined;
  return key === undefined ? 'bulk' : 'single';
}

const isUnreadableUrl = ({ status, body }: ProtocolAnswer): boolean => status === 400 && body?.instance === '/';

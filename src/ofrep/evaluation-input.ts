import { isUtf8 } from 'node:buffer';
import { DEEPEST_CONTEXT, isDeeper, LARGEST_CONTEXT } from '../flag-evaluation/context-limits.js';
import type { JsonObject } from '../http/json.js';
import { invalidContext, parseError } from './ofrep.errors.js';

/** What a request asks to have flags evaluated for. */
export interface EvaluationInput {
  /** Without `__kaiten`, which is the server's. */
  readonly context: JsonObject;
  readonly targetingKey: string | undefined;
}

const SERVER_FACTS = '__kaiten';

/**
 * Reads the body of a request for an evaluation. Members that the protocol does not know are no business of ours.
 *
 * @param body none at all is an empty context.
 * @throws OfrepRefusal
 */
export function readInput(body: Buffer): EvaluationInput {
  if (!isUtf8(body)) throw parseError('the body is not UTF-8');
  const context = contextOf(parse(body.toString()), body.length);
  const { targetingKey } = context;
  if (targetingKey !== undefined && typeof targetingKey !== 'string') {
    throw invalidContext('the targetingKey of the context must be a string');
  }
  if (Object.hasOwn(context, SERVER_FACTS)) delete context[SERVER_FACTS];
  return { context, targetingKey };
}

function parse(text: string): JsonObject {
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw parseError('the body is not valid JSON');
  }
  if (!isObject(body)) throw parseError('the body must be a JSON object');
  return body;
}

/** @param length of the body in bytes: where that is small, its context is. */
function contextOf({ context }: JsonObject, length: number): JsonObject {
  if (context === undefined) return {};
  if (!isObject(context)) throw invalidContext('the context must be a JSON object');
  if (isDeeper(context, DEEPEST_CONTEXT)) {
    throw invalidContext(`the context is nested more than ${DEEPEST_CONTEXT} deep`);
  }
  if (length > LARGEST_CONTEXT && Buffer.byteLength(JSON.stringify(context)) > LARGEST_CONTEXT) {
    throw invalidContext(`the context is larger than ${LARGEST_CONTEXT} bytes`);
  }
  return context;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

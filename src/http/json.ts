import { malformed } from './problem.js';

export type JsonObject = { [key: string]: unknown };

/**
 * Parses JSON (RFC 8259) from bytes and refuses what parsers disagree about, so that no two readers of one body see two things:
 * bytes that are not UTF-8, the same key twice in an object, `__proto__` as a key, numbers that only Infinity could stand for, NUL and
 * lone surrogates in texts (PostgreSQL stores neither).
 *
 * @throws Problem 400.
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('the body is not UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('the body is not valid JSON');
  }
  // In valid JSON each member has one colon outside of texts, so a difference means that a key was overwritten by its double.
  if (countMembers(value, 0) !== countColons(text)) throw malformed('the body has the same key twice in one object');
  return value;
}

/** Deeper bodies are refused: nothing of the API nests like that, and recursion has an end. */
const DEEPEST = 64;

/** @throws Problem 400 for a text or a key that must not be. */
function countMembers(value: unknown, depth: number): number {
  if (typeof value === 'string') return (assertText(value), 0);
  if (typeof value === 'number' && !Number.isFinite(value)) throw malformed('the body has a number that is too large');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= DEEPEST) throw malformed(`the body is nested more than ${DEEPEST} deep`);
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item, depth + 1);
    return members;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw malformed('the body has a key __proto__');
    assertText(key);
    members += 1 + countMembers((value as JsonObject)[key], depth + 1);
  }
  return members;
}

function assertText(text: string): void {
  if (text.includes('\0')) throw malformed('the body has a NUL character');
  if (!text.isWellFormed()) throw malformed('the body has half of a surrogate pair');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Colons outside of texts. `text` is valid JSON. */
function countColons(text: string): number {
  let colons = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === COLON) colons++;
    else if (char === QUOTE) {
      for (i++; text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++;
    }
  }
  return colons;
}

import { invalidToken } from '../auth/auth.errors.js';
import type { JsonObject } from '../http/json.js';
import { parseJson } from '../http/json.js';

/** The longest JWT that is looked at, in characters. One with all scopes has less than 1,500. */
const LONGEST_JWT = 8_192;

/** A JWT in JWS compact serialization (RFC 7515, section 7.1), its parts decoded and nothing verified. */
export interface JwtParts {
  readonly header: JsonObject;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/**
 * Takes a JWT apart, and refuses whatever two readers could see two things in: parts that are not in the one base64url form of their
 * bytes, headers that are no JSON object or have a member twice.
 *
 * @throws Problem 401
 */
export function takeApart(jwt: string): JwtParts {
  const parts = jwt.length > LONGEST_JWT ? [] : jwt.split('.');
  if (parts.length !== 3) throw invalidToken();
  const [head, payload, signature] = parts.map(decodeCanonically);
  const header = head && parseObject(head);
  if (!header || !payload || !signature) throw invalidToken();
  return { header, payload, signature };
}

/** Spares a Buffer for each text. UTF-8 has three bytes for a UTF-16 code unit at the most. */
const scratch = Buffer.allocUnsafeSlow(4_096);

/** The text in base64url (RFC 4648, section 5) without padding. */
export function encode(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  if (3 * text.length > scratch.length) return Buffer.from(text, encoding).toString('base64url');
  return scratch.toString('base64url', 0, scratch.write(text, encoding));
}

/** The bytes of a base64url text (RFC 4648, section 5) without padding; undefined where another text would stand for the same bytes. */
export function decodeCanonically(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

const OPENING_BRACE = 0x7b;

/** The JSON object; undefined for everything else, a byte order mark or blank in front of it and a member that is there twice included. */
export function parseObject(bytes: Buffer): JsonObject | undefined {
  if (bytes[0] !== OPENING_BRACE) return undefined;
  try {
    return parseJson(bytes) as JsonObject;
  } catch {
    return undefined;
  }
}

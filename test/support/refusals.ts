import { expect } from '@jest/globals';
import type { RawAnswer } from './raw-http.js';

const UNTRUE = 'the principal is not that of a token that may be used';

/** A 401 for a principal whose claims are such as they may be, but not those of a live token. */
export function expectUntrue(answer: RawAnswer): void {
  expectRefusal(answer, 'Auth.InvalidClaims');
  expect(answer.body.detail).toBe(UNTRUE);
}

/** A 401 for what a principal's claims are in themselves, before anything is looked up. */
export function expectUnreadable(answer: RawAnswer, code: string): void {
  expectRefusal(answer, code);
  expect(answer.body.detail).not.toBe(UNTRUE);
}

/** A 401 of the API with its code, its challenge, and none of what was sent. */
export function expectRefusal(
  { status, body, headers }: Pick<RawAnswer, 'status' | 'body' | 'headers'>,
  code: string,
): void {
  expect([status, body?.code]).toEqual([401, code]);
  expect(headers['content-type']).toBe('application/problem+json');
  const error = `, error="invalid_token", error_description="${body.detail as string}"`;
  expect(headers['www-authenticate']).toBe(`Bearer realm="kaiten"${code === 'Auth.NoIdentity' ? '' : error}`);
}

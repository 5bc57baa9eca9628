import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { malformed } from '../http/problem.js';

/** Where a page ended: the last row's value of the sort column, and its id, which makes the order total. */
export interface Position {
  readonly value: string;
  readonly id: string;
}

const VERSION = 1;
const MAC_BYTES = 16;

/**
 * Cursors are opaque and tamper-evident: base64url of a version byte, a truncated HMAC-SHA256 and the position as JSON. The HMAC also
 * covers the binding, i.e. whose list it is and how it is sorted and filtered, so that a cursor continues no other list.
 */
export class CursorCodec {
  constructor(private readonly key: Uint8Array) {}

  encode(position: Position, binding: string): string {
    const payload = Buffer.from(JSON.stringify([position.value, position.id]));
    return Buffer.concat([Buffer.from([VERSION]), this.mac(payload, binding), payload]).toString('base64url');
  }

  /** @throws Problem 400 for a cursor that this codec did not make for this binding. */
  decode(cursor: string, binding: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const payload = bytes.subarray(1 + MAC_BYTES);
    const genuine =
      bytes[0] === VERSION &&
      bytes.length > 1 + MAC_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(1, 1 + MAC_BYTES), this.mac(payload, binding));
    if (!genuine) {
      throw malformed('the cursor is not one of this list', [
        {
          location: 'query.cursor',
          message: 'must be the nextCursor of an answer with the same sort and filters',
          value: cursor,
        },
      ]);
    }
    const [value, id] = JSON.parse(payload.toString()) as [string, string];
    return { value, id };
  }

  private mac(payload: Uint8Array, binding: string): Buffer {
    const bound = createHash('sha256').update(binding).digest();
    return createHmac('sha256', this.key).update(bound).update(payload).digest().subarray(0, MAC_BYTES);
  }
}

import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashToken } from '../../tokens/token-format.js';
import type { Ticket } from './ticket.js';
import { TICKET_KEY_BYTES, TicketCodec } from './ticket.js';

const codec = new TicketCodec(randomBytes(TICKET_KEY_BYTES));
const TOKEN = 'ksh_0000000000000000000000000000000000000000';
const ticket: Ticket = { tokenHash: hashToken(TOKEN), issuedAt: 1_764_000_000_000, version: 'a1b2'.repeat(8) };

const anyTicket = fc.record({
  tokenHash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  issuedAt: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seconds) => seconds * 1000),
  version: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 64 }),
});

describe('TicketCodec', () => {
  it('opens what it has sealed, whatever it is', () => {
    fc.assert(fc.property(anyTicket, (given) => expect(codec.open(codec.seal(given))).toEqual(given)));
  });

  it('seals the same ticket as the same text, so that a URL stays what it was', () => {
    expect(codec.seal(ticket)).toBe(codec.seal({ ...ticket }));
  });

  it('makes texts that a URL can have as they are, and short ones', () => {
    expect(codec.seal(ticket)).toMatch(/^[A-Za-z0-9_-]{100,120}$/);
  });

  it('shows nothing of the token, nor of its hash', () => {
    const bytes = Buffer.from(codec.seal(ticket), 'base64url').toString('latin1');
    for (let from = 0; from + 4 <= ticket.tokenHash.length; from += 1)
      expect(bytes.includes(ticket.tokenHash.slice(from, from + 4))).toBe(false);
    expect(bytes).not.toContain(ticket.version.slice(0, 4));
  });

  it('opens no ticket in which a bit is another one', () => {
    const bytes = Buffer.from(codec.seal(ticket), 'base64url');
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(codec.open(changed.toString('base64url'))).toBeUndefined();
    }
  });

  it('opens nothing that it has not made', () => {
    const sealed = codec.seal(ticket);
    for (const text of [
      '',
      'x',
      sealed.slice(0, -1),
      sealed.slice(4),
      `${sealed}AA`,
      `${sealed}=`,
      ` ${sealed}`,
      TOKEN,
    ]) {
      expect(codec.open(text)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => expect(codec.open(text)).toBeUndefined()));
  });

  it('opens no ticket of another key, be it only half of one', () => {
    const key = randomBytes(TICKET_KEY_BYTES);
    const other = randomBytes(TICKET_KEY_BYTES);
    const own = new TicketCodec(key);
    const mixed = [
      Buffer.concat([key.subarray(0, 32), other.subarray(32)]),
      Buffer.concat([other.subarray(0, 32), key.subarray(32)]),
    ];
    for (const wrong of [other, ...mixed]) expect(new TicketCodec(wrong).open(own.seal(ticket))).toBeUndefined();
  });

  it('takes no short key, and no MAC without encryption', () => {
    expect(() => new TicketCodec(randomBytes(32))).toThrow();
    const key = randomBytes(TICKET_KEY_BYTES);
    const plain = Buffer.concat([Buffer.alloc(4), Buffer.from(ticket.tokenHash, 'latin1')]);
    const tag = createHmac('sha256', key.subarray(0, 32)).update(plain).digest().subarray(0, 16);
    expect(new TicketCodec(key).open(Buffer.concat([tag, plain]).toString('base64url'))).toBeUndefined();
  });
});

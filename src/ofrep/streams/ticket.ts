import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/** Lets whoever was given it open a stream of events: a URL of EventSource carries no other credential. */
export interface Ticket {
  /** Of the token that it was given for, as `hashToken` makes it. */
  readonly tokenHash: string;
  /** Milliseconds since the epoch, in whole seconds. */
  readonly issuedAt: number;
  /** Of the flags that were evaluated when it was given: what has changed since, the stream tells at once. */
  readonly version: string;
}

const TAG_BYTES = 16;
const HASH_BYTES = 32;
const HEAD_BYTES = 4 + HASH_BYTES;

/** No ticket is longer: what is, costs no decryption. */
const LONGEST = 512;

/** Bytes of the key: half of it authenticates, the other half encrypts. */
export const TICKET_KEY_BYTES = 64;

/**
 * Tickets as texts for URLs. They stand in histories and in the logs of proxies, so they tell nothing of the token, and nobody can make or
 * change one: the synthetic-IV construction (Rogaway and Shrimpton 2006, as in RFC 5297) with HMAC-SHA256 as its pseudorandom function
 * and AES-256-CTR. It needs no nonce, so that the same ticket is the same text, whichever process makes it.
 */
export class TicketCodec {
  private readonly macKey: Uint8Array;
  private readonly cipherKey: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.length !== TICKET_KEY_BYTES) throw new Error(`The key must have ${TICKET_KEY_BYTES} bytes`);
    this.macKey = key.subarray(0, TICKET_KEY_BYTES / 2);
    this.cipherKey = key.subarray(TICKET_KEY_BYTES / 2);
  }

  seal({ tokenHash, issuedAt, version }: Ticket): string {
    const seconds = Buffer.alloc(4);
    seconds.writeUInt32BE(issuedAt / 1000);
    const plain = Buffer.concat([seconds, Buffer.from(tokenHash, 'latin1'), Buffer.from(version, 'latin1')]);
    const tag = this.tag(plain);
    const cipher = createCipheriv('aes-256-ctr', this.cipherKey, tag);
    return Buffer.concat([tag, cipher.update(plain), cipher.final()]).toString('base64url');
  }

  /** @returns undefined for a text that no codec with this key has made. */
  open(text: string): Ticket | undefined {
    if (text.length > LONGEST) return undefined;
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length < TAG_BYTES + HEAD_BYTES || bytes.toString('base64url') !== text) return undefined;
    const tag = bytes.subarray(0, TAG_BYTES);
    const decipher = createDecipheriv('aes-256-ctr', this.cipherKey, tag);
    const plain = Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]);
    if (!timingSafeEqual(tag, this.tag(plain))) return undefined;
    return {
      issuedAt: plain.readUInt32BE(0) * 1000,
      tokenHash: plain.toString('latin1', 4, HEAD_BYTES),
      version: plain.toString('latin1', HEAD_BYTES),
    };
  }

  private tag(plain: Uint8Array): Buffer {
    return createHmac('sha256', this.macKey).update(plain).digest().subarray(0, TAG_BYTES);
  }
}

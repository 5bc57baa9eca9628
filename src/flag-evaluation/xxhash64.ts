/** What is used of WebAssembly: it is no part of ECMAScript's types nor of Node's. */
declare const WebAssembly: {
  Module: new (assembled: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** The prefix' length, the length in all, and the prefix' words. */
type Arguments = [number, number, number, number, number, number, number, number, number, number];

interface Assembled {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  hash(...message: Arguments): bigint;
  bucket(...message: Arguments): number;
}

/** xxhash64.wat, assembled. The spec does it again and says what is to stand here. */
export const ASSEMBLED = `
  AGFzbQEAAAABHQJgCn9/f39/f39/f38BfmAKf39/f39/f39/fwF/AwMCAAEFAwEAAQcaAwZtZW1vcnkCAARoYXNoAAAGYnVja2V0AAEKmwcC+QYCAn8JfkGAIC
  AAayEKIAEhCyAKKQMAIAKtIAOtQiCGhIQhDSAKKQMIIAStIAWtQiCGhIQhDiAKKQMQIAatIAetQiCGhIQhDyAKKQMYIAitIAmtQiCGhIQhECALQSBJBEBCxc/Z
  svHluuonIQwFQoeVr6+Ytt6bnn9Cz9bTvtLHq9lCfCERQs/W077Sx6vZQiESQgBCh5Wvr5i23puef30hFANAIBEgDULP1tO+0ser2UJ+fEIfiUKHla+vmLbem5
  5/fiERIBIgDkLP1tO+0ser2UJ+fEIfiUKHla+vmLbem55/fiESIBMgD0LP1tO+0ser2UJ+fEIfiUKHla+vmLbem55/fiETIBQgEELP1tO+0ser2UJ+fEIfiUKH
  la+vmLbem55/fiEUIApBIGohCiALQSBrIQsgCikDACENIAopAwghDiAKKQMQIQ8gCikDGCEQIAtBIE8NAAsgEUIBiSASQgeJfCATQgyJIBRCEol8fCEMIAwgEU
  LP1tO+0ser2UJ+Qh+JQoeVr6+Ytt6bnn9+hUKHla+vmLbem55/fkLj3MqV/M7y9YV/fCEMIAwgEkLP1tO+0ser2UJ+Qh+JQoeVr6+Ytt6bnn9+hUKHla+vmLbe
  m55/fkLj3MqV/M7y9YV/fCEMIAwgE0LP1tO+0ser2UJ+Qh+JQoeVr6+Ytt6bnn9+hUKHla+vmLbem55/fkLj3MqV/M7y9YV/fCEMIAwgFELP1tO+0ser2UJ+Qh
  +JQoeVr6+Ytt6bnn9+hUKHla+vmLbem55/fkLj3MqV/M7y9YV/fCEMCyAMIAGtfCEMAkADQCALQQhJDQEgDCANQs/W077Sx6vZQn5CH4lCh5Wvr5i23puef36F
  QhuJQoeVr6+Ytt6bnn9+QuPcypX8zvL1hX98IQwgDiENIA8hDiAQIQ8gC0EIayELDAALCyALQQRPBEAgDCANQv////8Pg0KHla+vmLbem55/foVCF4lCz9bTvt
  LHq9lCfkL5893xmfaZqxZ8IQwgDUIgiCENIAtBBGshCwsCQANAIAtFDQEgDCANQv8Bg0LFz9my8eW66id+hUILiUKHla+vmLbem55/fiEMIA1CCIghDSALQQFr
  IQsMAAsLIAwgDEIhiIVCz9bTvtLHq9lCfiEMIAwgDEIdiIVC+fPd8Zn2masWfiEMIAwgDEIgiIULHgAgACABIAIgAyAEIAUgBiAHIAggCRAAQpDOAIKnCw==
`;

const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(ASSEMBLED, 'base64')));
const { memory, hash, bucket } = instance.exports as Assembled;

/** Where texts begin in the memory. Prefixes end there, so that a text is written once for many of them. */
const TEXT = 4096;
const PAGE = 65_536;
/** In UTF-8 a UTF-16 code unit takes three bytes at most. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();
let bytes = new Uint8Array(memory.buffer);
/** The text in the memory, and its length in bytes. */
let text = '';
let textLength = 0;

/**
 * What comes before a text that is hashed, in words of four bytes with zeros behind it, each a field: prefixes are many, and one object has to be
 * looked at instead of an array and its elements. A prefix that has more than eight words is kept in bytes, and all words are zero.
 */
export interface Prefix {
  /** In bytes. */
  readonly length: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  readonly word4: number;
  readonly word5: number;
  readonly word6: number;
  readonly word7: number;
  readonly word8: number;
  readonly long: Uint8Array | undefined;
}

/** Bytes that eight words have. */
const WORDS = 32;

/** @throws RangeError for more than 4,096 bytes of UTF-8. */
export function prefixOf(prefix: string): Prefix {
  const encoded = encoder.encode(prefix);
  const { length } = encoded;
  if (length > TEXT) throw new RangeError('the prefix is too long');
  const long = length > WORDS ? encoded : undefined;
  const padded = new Uint8Array(WORDS);
  if (!long) padded.set(encoded);
  const [word1, word2, word3, word4, word5, word6, word7, word8] = new Int32Array(
    padded.buffer,
  ) as unknown as EightWords;
  return { length, word1, word2, word3, word4, word5, word6, word7, word8, long };
}

type EightWords = [number, number, number, number, number, number, number, number];

/** xxHash64 (seed 0) of the prefix and the text in UTF-8, modulo 10,000. */
export function xxHash64Bucket(prefix: Prefix, wanted: string): number {
  if (wanted !== text) loadText(wanted);
  if (prefix.long) return withLong(prefix.long, bucket);
  const { length, word1, word2, word3, word4, word5, word6, word7, word8 } = prefix;
  return bucket(length, length + textLength, word1, word2, word3, word4, word5, word6, word7, word8);
}

/** xxHash64 (seed 0) of the prefix and the text in UTF-8. */
export function xxHash64(prefix: Prefix, wanted: string): bigint {
  if (wanted !== text) loadText(wanted);
  const { length, word1, word2, word3, word4, word5, word6, word7, word8, long } = prefix;
  const hashed = long
    ? withLong(long, hash)
    : hash(length, length + textLength, word1, word2, word3, word4, word5, word6, word7, word8);
  return BigInt.asUintN(64, hashed);
}

/** With the prefix in the memory for as long as it takes: there are zeros before the text otherwise. */
function withLong<T>(prefix: Uint8Array, work: (...message: Arguments) => T): T {
  const { length } = prefix;
  bytes.set(prefix, TEXT - length);
  const result = work(length, length + textLength, 0, 0, 0, 0, 0, 0, 0, 0);
  bytes.fill(0, TEXT - WORDS, TEXT);
  return result;
}

function loadText(wanted: string): void {
  const missing = TEXT + wanted.length * BYTES_PER_UNIT + WORDS - bytes.length;
  if (missing > 0) {
    memory.grow(Math.ceil(missing / PAGE));
    bytes = new Uint8Array(memory.buffer);
  }
  textLength = encoder.encodeInto(wanted, bytes.subarray(TEXT)).written;
  text = wanted;
}

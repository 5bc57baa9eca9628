/** What is used of WebAssembly: it is no part of ECMAScript's types nor of Node's. */
declare const WebAssembly: {
  Module: new (assembled: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

interface Assembled {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  hash(at: number, length: number): bigint;
  bucket(at: number, length: number): number;
}

/** xxhash64.wat, assembled. The spec does it again and says what is to stand here. */
export const ASSEMBLED = `
  AGFzbQEAAAABEwNgAn5+AX5gAn9/AX5gAn9/AX8DBQQAAAECBQMBAAEHGgMGbWVtb3J5AgAEaGFzaAACBmJ1Y2tldAADCrQEBCEAIAAgAULP1tO+0ser2U
  J+fEIfiUKHla+vmLbem55/fgsjACAAQgAgARAAhUKHla+vmLbem55/fkLj3MqV/M7y9YV/fAvcAwIBfwV+IAAgAWohAiABQSBJBEBCxc/ZsvHluuonIQMF
  QoeVr6+Ytt6bnn9Cz9bTvtLHq9lCfCEEQs/W077Sx6vZQiEFQgBCh5Wvr5i23puef30hBwNAIAQgACkDABAAIQQgBSAAKQMIEAAhBSAGIAApAxAQACEGIA
  cgACkDGBAAIQcgAEEgaiEAIABBIGogAk0NAAsgBEIBiSAFQgeJfCAGQgyJIAdCEol8fCEDIAMgBBABIQMgAyAFEAEhAyADIAYQASEDIAMgBxABIQMLIAMg
  Aa18IQMCQANAIABBCGogAksNASADIAApAwBCz9bTvtLHq9lCfkIfiUKHla+vmLbem55/foVCG4lCh5Wvr5i23puef35C49zKlfzO8vWFf3whAyAAQQhqIQ
  AMAAsLIABBBGogAk0EQCADIAA1AgBCh5Wvr5i23puef36FQheJQs/W077Sx6vZQn5C+fPd8Zn2masWfCEDIABBBGohAAsCQANAIAAgAk8NASADIAAxAABC
  xc/ZsvHluuonfoVCC4lCh5Wvr5i23puef34hAyAAQQFqIQAMAAsLIAMgA0IhiIVCz9bTvtLHq9lCfiEDIAMgA0IdiIVC+fPd8Zn2masWfiEDIAMgA0IgiI
  ULDgAgACABEAJCkM4AgqcL
`;

const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(ASSEMBLED, 'base64')));
const { memory, hash, bucket } = instance.exports as Assembled;

/** Where texts begin in the memory. Their prefixes end there, so that a text is written once for many of them. */
const TEXT = 4096;
/** The same in words. */
const END = TEXT / 4;
const PAGE = 65_536;
/** In UTF-8 a UTF-16 code unit takes three bytes at most. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();
let bytes = new Uint8Array(memory.buffer);
let words = new Int32Array(memory.buffer);
/** The text in the memory, and its length in bytes. */
let text = '';
let textLength = 0;

/**
 * What comes before a text that is hashed, ready to be copied: its last eight words of four bytes, zeros before them, and the words before these
 * where there are more. A field for each: prefixes are many, and one object has to be looked at instead of an array and its elements.
 */
export interface Prefix {
  /** In bytes. */
  readonly length: number;
  readonly word8: number;
  readonly word7: number;
  readonly word6: number;
  readonly word5: number;
  readonly word4: number;
  readonly word3: number;
  readonly word2: number;
  readonly word1: number;
  readonly rest: Int32Array | undefined;
}

const FIELDS = 8;

/** @throws RangeError for more than 4,096 bytes of UTF-8. */
export function prefixOf(prefix: string): Prefix {
  const encoded = encoder.encode(prefix);
  const { length } = encoded;
  if (length > TEXT) throw new RangeError('the prefix is too long');
  const padded = new Uint8Array(Math.max(Math.ceil(length / 4), FIELDS) * 4);
  padded.set(encoded, padded.length - length);
  const all = new Int32Array(padded.buffer);
  const [word8, word7, word6, word5, word4, word3, word2, word1] = all.subarray(-FIELDS) as unknown as EightWords;
  const rest = all.length > FIELDS ? all.slice(0, -FIELDS) : undefined;
  return { length, word8, word7, word6, word5, word4, word3, word2, word1, rest };
}

type EightWords = [number, number, number, number, number, number, number, number];

/** xxHash64 (seed 0) of the prefix and the text in UTF-8, modulo 10,000. */
export function xxHash64Bucket(prefix: Prefix, text: string): number {
  load(prefix, text);
  return bucket(TEXT - prefix.length, prefix.length + textLength);
}

/** xxHash64 (seed 0) of the prefix and the text in UTF-8. */
export function xxHash64(prefix: Prefix, text: string): bigint {
  load(prefix, text);
  return BigInt.asUintN(64, hash(TEXT - prefix.length, prefix.length + textLength));
}

function load(prefix: Prefix, wanted: string): void {
  if (wanted !== text) loadText(wanted);
  words[END - 8] = prefix.word8;
  words[END - 7] = prefix.word7;
  words[END - 6] = prefix.word6;
  words[END - 5] = prefix.word5;
  words[END - 4] = prefix.word4;
  words[END - 3] = prefix.word3;
  words[END - 2] = prefix.word2;
  words[END - 1] = prefix.word1;
  if (prefix.rest !== undefined) words.set(prefix.rest, END - FIELDS - prefix.rest.length);
}

function loadText(wanted: string): void {
  const missing = TEXT + wanted.length * BYTES_PER_UNIT - bytes.length;
  if (missing > 0) {
    memory.grow(Math.ceil(missing / PAGE));
    bytes = new Uint8Array(memory.buffer);
    words = new Int32Array(memory.buffer);
  }
  textLength = encoder.encodeInto(wanted, bytes.subarray(TEXT)).written;
  text = wanted;
}

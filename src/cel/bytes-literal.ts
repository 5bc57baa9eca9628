const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** An escape, with its digits; or any other character. */
const PART = /\\(?:[xX]([0-9a-fA-F]{2})|([0-3][0-7]{2})|(.))|([^\\])/gsu;

/**
 * The bytes of a literal, from its text as it stands in the rule: characters are in UTF-8, where the library's parser has only their lower eight
 * bits.
 */
export function bytesOf(literal: string): Uint8Array {
  const quotes = /^.("""|'''|["'])/.exec(literal)![1]!.length;
  const parts: Uint8Array[] = [];
  for (const [, hex, octal, escape, character] of literal.slice(1 + quotes, -quotes).matchAll(PART)) {
    if (hex !== undefined) parts.push(Uint8Array.of(Number.parseInt(hex, 16)));
    else if (octal !== undefined) parts.push(Uint8Array.of(Number.parseInt(octal, 8)));
    else if (escape !== undefined) parts.push(Uint8Array.of(ESCAPES[escape] ?? escape.charCodeAt(0)));
    else parts.push(Buffer.from(character!));
  }
  return Buffer.concat(parts);
}

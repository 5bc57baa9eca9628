/**
 * The same text in a piece of memory of its own: the parser puts texts with escapes together character by character, which leaves 32 bytes for each,
 * and cuts others out of the rule, which keeps all of it.
 */
export const copyOf = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

/** `_`, digits and letters: what names and numbers are made of. */
const WORD_CHARACTER = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));
const SPACE = ' '.charCodeAt(0);

/**
 * How many words and signs a rule has, those of its texts included: at least as many as its tree has nodes, each of which takes up to 235 bytes
 * once it is compiled.
 */
export function ruleSymbols(rule: string): number {
  let symbols = 0;
  let isInWord = false;
  for (let i = 0; i < rule.length; i++) {
    const code = rule.charCodeAt(i);
    const isWord = WORD_CHARACTER[code] === 1;
    if (isWord ? !isInWord : code > SPACE) symbols += 1;
    isInWord = isWord;
  }
  return symbols;
}

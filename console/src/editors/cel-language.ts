import type { StringStream } from '@codemirror/language';
import { StreamLanguage } from '@codemirror/language';

/** Inside a text that began on a line before: what closes it, and whether it has escapes. */
interface State {
  open?: { readonly quotes: string; readonly isRaw: boolean };
  /** The last token was a dot: what follows is the name of a field or a method. */
  isAfterDot: boolean;
}

const START = /[bB]?[rR]?(?:"""|'''|"|')|[rR][bB](?:"""|'''|"|')/;
const NUMBER = /(?:0[xX][\da-fA-F]+|\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?)[uU]?/;
const WORD = /[A-Za-z_]\w*/;
const CALLED = /\s*\(/;
const KEYWORDS = new Set(['true', 'false', 'null', 'in']);

/** The Common Expression Language, as far as colours go. */
export const celLanguage = StreamLanguage.define<State>({
  name: 'cel',
  startState: () => ({ isAfterDot: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.open) return text(stream, state);
    if (stream.eatSpace()) return null;
    const wasAfterDot = state.isAfterDot;
    state.isAfterDot = false;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    const start = stream.match(START) as RegExpMatchArray | null;
    if (start) {
      const quotes = /["']+$/.exec(start[0])![0];
      state.open = { quotes, isRaw: /r/i.test(start[0]) };
      return text(stream, state);
    }
    if (!wasAfterDot && stream.match(NUMBER)) return 'number';
    const word = stream.match(WORD) as RegExpMatchArray | null;
    if (word) {
      if (stream.match(CALLED, false) && word[0] !== 'in') return 'macroName';
      if (wasAfterDot) return 'propertyName';
      return KEYWORDS.has(word[0]) ? 'keyword' : 'variableName';
    }
    const char = stream.next();
    state.isAfterDot = char === '.';
    return /[-+*/%<>=!&|?:]/.test(char ?? '') ? 'operator' : 'punctuation';
  },
  languageData: {
    commentTokens: { line: '//' },
    closeBrackets: { brackets: ['(', '[', '{', "'", '"'] },
  },
});

/** What remains of a text, of which only those in three quotes go on in the next line. */
function text(stream: StringStream, state: State): string {
  const { quotes, isRaw } = state.open!;
  while (!stream.eol()) {
    if (stream.match(quotes)) {
      state.open = undefined;
      return 'string';
    }
    if (stream.next() === '\\' && !isRaw) stream.next();
  }
  if (quotes.length === 1) state.open = undefined;
  return 'string';
}

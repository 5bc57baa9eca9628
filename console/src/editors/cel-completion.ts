import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorView } from '@codemirror/view';
import type { Schemas } from '../api/client';
import type { Word } from './cel-words';
import { CONSTANTS, FUNCTIONS, METHODS } from './cel-words';

export type FactNode = Schemas['TargetingContextNode'];

/** The words with which an editor's reader is told of a fact. */
export interface FactTexts {
  readonly mayBeAbsent: string;
  readonly describe: (node: FactNode) => string | undefined;
}

const PATH = /[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*\s*\.?\s*$/;
const WORD = /\w*$/;

/** What may stand at the cursor: facts by their path, functions, and after a dot what can be asked of a value. */
export function completeCel(
  { state, pos, explicit }: CompletionContext,
  roots: readonly FactNode[],
  texts: FactTexts,
): CompletionResult | null {
  const { name } = syntaxTree(state).resolveInner(pos, -1);
  if (name === 'string' || name === 'comment' || name === 'number') return null;
  const before = state.doc.lineAt(pos);
  const text = before.text.slice(0, pos - before.from);
  const typed = WORD.exec(text)![0];
  const from = pos - typed.length;
  const isAfterDot = /\.\s*$/.test(text.slice(0, text.length - typed.length));
  if (typed === '' && !isAfterDot && !explicit) return null;
  const validFor = /^\w*$/;
  if (!isAfterDot) {
    const constants = CONSTANTS.map((label): Completion => ({ label, type: 'keyword' }));
    const options = [...roots.map((node) => factOption(node, texts)), ...FUNCTIONS.map(wordOption), ...constants];
    return { from, options, validFor };
  }
  const path = (PATH.exec(text)?.[0] ?? '').replace(/\s/g, '').split('.').slice(0, -1);
  const node = path.length > 0 ? nodeAt(roots, path) : undefined;
  const facts = childrenOf(node).map((child) => factOption(child, texts));
  // Objects of known fields have no methods; of anything else too little is known to leave some out.
  const methods = node?.type === 'object' ? [] : METHODS.map(wordOption);
  return facts.length + methods.length > 0 ? { from, options: [...facts, ...methods], validFor } : null;
}

function nodeAt(roots: readonly FactNode[], [first, ...rest]: readonly string[]): FactNode | undefined {
  let node = roots.find(({ name }) => name === first);
  for (const name of rest) node = node?.fields?.find((field) => field.name === name) ?? node?.values;
  return node;
}

function childrenOf(node: FactNode | undefined): readonly FactNode[] {
  if (!node) return [];
  const keys = (node.knownKeys ?? []).map((name) => ({ ...(node.values ?? { type: 'dyn' as const }), name }));
  return [...(node.fields ?? []), ...keys];
}

function factOption(node: FactNode, { mayBeAbsent, describe }: FactTexts): Completion {
  const info = [describe(node), node.optional ? mayBeAbsent : undefined].filter(Boolean).join(' ');
  return { label: node.name, detail: node.type, info: info || undefined, type: 'property', boost: 2 };
}

function wordOption({ name, shape, insert }: Word): Completion {
  const cursor = insert.indexOf('$');
  const text = insert.replace('$', '');
  return {
    label: name,
    detail: shape,
    type: 'function',
    apply: (view: EditorView, _completion, from, to) => {
      // What is called already keeps its arguments.
      const isCalled = view.state.sliceDoc(to, to + 1) === '(';
      const inserted = isCalled ? name : text;
      const anchor = from + (isCalled || cursor < 0 ? inserted.length : cursor);
      view.dispatch({ changes: { from, to, insert: inserted }, selection: { anchor }, userEvent: 'input.complete' });
    },
  };
}

import { closeBrackets, closeBracketsKeymap, closeCompletion, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { nextDiagnostic, previousDiagnostic, setDiagnostics } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import type { ReactNode, Ref } from 'react';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { Translate } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { adoptStyles } from './adopted-styles';
import type { CodeHandle, CodeProps } from './code-field';

interface CodeViewProps extends CodeProps {
  /** The language; must stay the same. */
  readonly extensions: Extension;
  readonly handle: Ref<CodeHandle>;
}

adoptStyles((root) => new EditorView({ root }).destroy());

/** What comes from outside is no typing. */
const given = Annotation.define<boolean>();

/** An editor of CodeMirror's. What is around it is `CodeField`. */
export function CodeView(props: CodeViewProps): ReactNode {
  const { value, onChange, onTabMode, labelledBy, describedBy, isReadOnly, isInvalid, faults, extensions } = props;
  const { t } = useI18n();
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const [changing] = useState(() => new Compartment());
  const heard = useRef({ onChange, onTabMode });
  useLayoutEffect(() => {
    heard.current = { onChange, onTabMode };
  });

  useLayoutEffect(() => {
    const editor = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          ...basics((indents) => heard.current.onTabMode(indents)),
          extensions,
          changing.of([]),
          EditorView.updateListener.of(({ docChanged, transactions, state }) => {
            const isTyped = docChanged && !transactions.some((transaction) => transaction.annotation(given));
            if (isTyped) heard.current.onChange(state.sliceDoc());
          }),
        ],
      }),
    });
    editor.setTabFocusMode(true);
    view.current = editor;
    return () => editor.destroy();
    // The effects below bring in what changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useLayoutEffect(() => {
    const { state } = view.current!;
    if (state.sliceDoc() === value) return;
    const changes = { from: 0, to: state.doc.length, insert: state.toText(value) };
    view.current!.dispatch({ changes, annotations: given.of(true) });
  }, [value]);

  useLayoutEffect(() => {
    const attributes = {
      'aria-labelledby': labelledBy,
      'aria-describedby': describedBy,
      ...(isInvalid && { 'aria-invalid': 'true' }),
      autocapitalize: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
      dir: 'ltr',
    };
    const state = [
      EditorView.contentAttributes.of(attributes),
      EditorState.readOnly.of(isReadOnly),
      EditorState.phrases.of(phrasesOf(t)),
    ];
    view.current!.dispatch({ effects: changing.reconfigure(state) });
  }, [labelledBy, describedBy, isReadOnly, isInvalid, t, changing]);

  useEffect(() => {
    const { state } = view.current!;
    const diagnostics = faults
      .map(({ from, to, message }) => ({ ...within(state, from, to), message, severity: 'error' as const }))
      .sort((a, b) => a.from - b.from);
    view.current!.dispatch(setDiagnostics(state, diagnostics));
  }, [faults]);

  useImperativeHandle(props.handle, () => ({
    focus: () => view.current!.focus(),
    goTo: (at, to = at) => {
      const { length } = view.current!.state.doc;
      const selection = { anchor: Math.min(at, length), head: Math.min(to, length) };
      view.current!.dispatch({ selection, scrollIntoView: true });
      view.current!.focus();
    },
  }));
  return <div ref={parent} className="code-view" />;
}

/** What every editor has. @param onTabMode hears whether Tab indents from now on. */
function basics(onTabMode: (indents: boolean) => void): Extension[] {
  let indents = false;
  const toggleTabMode = (view: EditorView): boolean => {
    indents = !indents;
    view.setTabFocusMode(!indents);
    onTabMode(indents);
    return true;
  };
  return [
    // The server counts lines by this alone.
    EditorState.lineSeparator.of('\n'),
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    lineNumbers(),
    EditorView.lineWrapping,
    highlightSpecialChars(),
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    syntaxHighlighting(classHighlighter),
    EditorView.domEventHandlers({
      beforeinput: (event, view) => {
        const text = event.data;
        // The editor hears of a selection later than the browser does.
        const selected = document.getSelection();
        if (event.inputType !== 'insertText' || text === null || view.composing || !selected) return false;
        const { anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed } = selected;
        if (isCollapsed || !view.contentDOM.contains(anchorNode) || !view.contentDOM.contains(focusNode)) return false;
        const anchor = view.posAtDOM(anchorNode!, anchorOffset);
        const head = view.posAtDOM(focusNode!, focusOffset);
        const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
        // The browser would have what is typed look as what it replaces, by a style that the content security policy forbids.
        const insert = () =>
          view.state.update({
            changes: { from, to, insert: view.state.toText(text) },
            selection: { anchor: from + text.length },
            scrollIntoView: true,
            userEvent: 'input.type',
          });
        const handlers = view.state.facet(EditorView.inputHandler);
        if (!handlers.some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
        return true;
      },
      keydown: (event, view) => {
        // What an Escape is for here closes no dialog around.
        const isHere = event.key === 'Escape' && (indents || completionStatus(view.state) !== null);
        if (!isHere) return false;
        event.stopPropagation();
        return closeCompletion(view);
      },
    }),
    keymap.of([
      { key: 'Ctrl-m', mac: 'Shift-Alt-m', run: toggleTabMode },
      // Not by a dialog around either, which takes Tab for a wish to go on.
      { key: 'Tab', run: indentMore, shift: indentLess, stopPropagation: true },
      { key: 'F8', run: nextDiagnostic, shift: previousDiagnostic },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
    ]),
  ];
}

/** A place that can be seen, whatever has been typed since it was found: at least a character, and a whole one. */
function within({ doc }: EditorState, start: number, end: number): { from: number; to: number } {
  const from = Math.min(start, doc.length);
  const to = Math.min(end, doc.length);
  if (to > from) return { from, to };
  const after = [...doc.sliceString(from, from + 2)][0] ?? '';
  if (after !== '' && after !== '\n') return { from, to: from + after.length };
  const before = [...doc.sliceString(Math.max(0, from - 2), from)].at(-1) ?? '';
  return { from: from - (before === '\n' ? 0 : before.length), to: from };
}

function phrasesOf(t: Translate): Record<string, string> {
  return {
    Completions: t('editor.completions'),
    Diagnostics: t('editor.diagnostics'),
    'No diagnostics': t('editor.noDiagnostics'),
    'Control character': t('editor.special'),
  };
}

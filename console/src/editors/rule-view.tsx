import { autocompletion } from '@codemirror/autocomplete';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode, Ref } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { en } from '../i18n/en';
import type { MessageKey } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import type { FactNode, FactTexts } from './cel-completion';
import { completeCel } from './cel-completion';
import { celLanguage } from './cel-language';
import type { CodeHandle, CodeProps } from './code-field';
import { CodeView } from './code-view';
import { factsQuery } from './rule-checks';

/** Facts that the catalogue describes in the reader's language; the API describes all of them in English. */
const DESCRIBED: ReadonlySet<string> = new Set(
  Object.keys(en).flatMap((key) => (key.startsWith('fact.') ? [key.slice('fact.'.length)] : [])),
);

/** The editor of rules: knows the language and what rules may read. */
export function RuleView(props: CodeProps & { readonly handle: Ref<CodeHandle> }): ReactNode {
  const { t } = useI18n();
  const { data } = useQuery(factsQuery);
  const known = useRef<{ roots: readonly FactNode[]; texts: FactTexts }>(undefined);
  useLayoutEffect(() => {
    const describe = ({ name, description }: FactNode): string | undefined =>
      DESCRIBED.has(name) ? t(`fact.${name}` as MessageKey) : description;
    known.current = { roots: data?.roots ?? [], texts: { mayBeAbsent: t('editor.mayBeAbsent'), describe } };
  });
  const [extensions] = useState(() => [
    celLanguage,
    autocompletion({
      icons: false,
      maxRenderedOptions: 60,
      override: [(context) => completeCel(context, known.current!.roots, known.current!.texts)],
    }),
  ]);
  return <CodeView {...props} extensions={extensions} />;
}

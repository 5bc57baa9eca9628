import { json } from '@codemirror/lang-json';
import type { ReactNode, Ref } from 'react';
import { useState } from 'react';
import type { CodeHandle, CodeProps } from './code-field';
import { CodeView } from './code-view';

export function JsonView(props: CodeProps & { readonly handle: Ref<CodeHandle> }): ReactNode {
  const [extensions] = useState(() => json());
  return <CodeView {...props} extensions={extensions} />;
}

import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { lazyPart } from '../app/part';
import { useI18n } from '../i18n/i18n';
import { isolated } from '../ui/name';
import { useSettled } from '../ui/use-settled';
import { CodeField } from './code-field';
import { checkJson } from './json-check';

export interface JsonEditorProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isReadOnly?: boolean;
  readonly errorMessage?: string;
  readonly minLines?: 3 | 6;
  /** What is said of JSON that is good, instead of that it is. @param bytes as it is sent. */
  readonly status?: (bytes: number) => ReactNode;
}

const JsonView = lazyPart(() => import('./json-view'), 'JsonView');

/** A JSON object as text, checked as the server would; whoever wants its value asks `checkJson`. */
export function JsonEditor(props: JsonEditorProps): ReactNode {
  const { label, help, value, onChange, isReadOnly, errorMessage, status, minLines = 6 } = props;
  const { t } = useI18n();
  // What is half typed is not wrong yet.
  const settled = useSettled(value, 300);
  const checked = useMemo(() => checkJson(settled), [settled]);
  const fault = 'fault' in checked ? checked.fault : undefined;
  const message = fault && t(fault.message, { key: isolated(fault.key ?? ''), size: '> 64 KiB' });
  const faults = useMemo(() => (fault ? [{ from: fault.at, to: fault.end, message: message! }] : []), [fault, message]);
  return (
    <CodeField
      label={label}
      help={help}
      value={value}
      onChange={onChange}
      isReadOnly={isReadOnly}
      errorMessage={errorMessage}
      faults={faults}
      faultText={fault && t('editor.where', { line: fault.line, column: fault.column, message: message! })}
      status={'bytes' in checked && (status?.(checked.bytes) ?? t('json.valid'))}
      keys="editor.keys"
      minLines={minLines}
      editor={JsonView}
    />
  );
}

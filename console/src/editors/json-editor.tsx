import type { ReactNode } from 'react';
import { Field } from '../ui/field';

export interface JsonEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isReadOnly?: boolean;
  readonly errorMessage?: string;
}

/** JSON as text. */
export function JsonEditor({ label, value, onChange, isReadOnly, errorMessage }: JsonEditorProps): ReactNode {
  return (
    <Field
      mono
      isRequired
      lines={6}
      label={label}
      value={value}
      onChange={onChange}
      isReadOnly={isReadOnly}
      problem={errorMessage}
    />
  );
}

import type { ReactNode } from 'react';
import { Field } from '../ui/field';

export interface RuleEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isReadOnly?: boolean;
  readonly errorMessage?: string;
}

/** A targeting rule in CEL. */
export function RuleEditor({ label, value, onChange, isReadOnly, errorMessage }: RuleEditorProps): ReactNode {
  return (
    <Field
      mono
      isRequired
      lines={4}
      label={label}
      value={value}
      onChange={onChange}
      isReadOnly={isReadOnly}
      problem={errorMessage}
    />
  );
}

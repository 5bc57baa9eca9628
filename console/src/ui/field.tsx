import type { ReactNode } from 'react';
import type { TextFieldProps } from 'react-aria-components';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { useI18n } from '../i18n/i18n';
import './field.css';

interface FieldProps extends Omit<TextFieldProps, 'className' | 'children'> {
  readonly label: string;
  readonly help?: ReactNode;
  readonly placeholder?: string;
  readonly lines?: number;
  /** What is wrong with it. */
  readonly problem?: string;
  readonly mono?: boolean;
}

export function Field({ label, help, placeholder, lines, problem, mono, ...props }: FieldProps): ReactNode {
  const { t } = useI18n();
  const className = `input${mono ? ' mono' : ''}`;
  return (
    <TextField {...props} isInvalid={problem !== undefined || props.isInvalid} className="field">
      <Label className="label">
        {label}
        {!props.isRequired && !props.isReadOnly && <span className="soft small"> · {t('field.optional')}</span>}
      </Label>
      {lines ? (
        <TextArea rows={lines} placeholder={placeholder} className={className} />
      ) : (
        <Input placeholder={placeholder} className={className} />
      )}
      {help && (
        <Text slot="description" className="soft small">
          {help}
        </Text>
      )}
      <FieldError className="field-error small">{problem}</FieldError>
    </TextField>
  );
}

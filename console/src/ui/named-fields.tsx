import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Field } from './field';

interface TextFieldProps {
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}

/** What all fields of a form have that are about data, not about the person. */
export const dataField = { validationBehavior: 'aria', autoComplete: 'off', spellCheck: 'false' } as const;

/** What people call something; where a form begins. */
export function NameField({ example, ...props }: TextFieldProps & { example: string }): ReactNode {
  const { t } = useI18n();
  return (
    <Field {...dataField} autoFocus isRequired dir="auto" label={t('field.name')} placeholder={example} {...props} />
  );
}

interface SlugFieldProps extends TextFieldProps {
  readonly help: string;
  readonly isRequired?: boolean;
  readonly isReadOnly?: boolean;
}

/** What programs call something. */
export function SlugField(props: SlugFieldProps): ReactNode {
  const { t } = useI18n();
  return <Field {...dataField} mono label={t('field.slug')} {...props} />;
}

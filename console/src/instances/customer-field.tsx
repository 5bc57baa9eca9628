import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Combo, withChosen } from '../ui/combo';
import { useCustomerSearch } from './use-customer-search';

interface CustomerFieldProps {
  readonly id: string;
  readonly name: string;
  readonly problem?: string;
  readonly onChange: (id: string, name: string) => void;
}

/** Whose the instance is. */
export function CustomerField({ id, name, problem, onChange }: CustomerFieldProps): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState(name);
  const { options, isSearched } = useCustomerSearch(text === name ? '' : text);
  const chosen = id ? { id, text: name } : undefined;
  return (
    <Combo
      isRequired
      label={t('instances.customer')}
      help={t('instances.customer.help')}
      problem={problem}
      options={withChosen(options, chosen)}
      chosen={chosen?.id}
      text={text}
      none={isSearched ? t('instances.customer.none') : ''}
      onText={(next) => {
        setText(next);
        if (next === '' && id) onChange('', '');
      }}
      onChoose={(next) => {
        const option = options.find((candidate) => candidate.id === next);
        if (!option) return;
        setText(option.text);
        onChange(option.id, option.text);
      }}
    />
  );
}

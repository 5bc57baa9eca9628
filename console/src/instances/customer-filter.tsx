import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { customerQuery } from '../customers/customers-api';
import { useI18n } from '../i18n/i18n';
import { Combo, withChosen } from '../ui/combo';
import { visibleName } from '../ui/name';
import { useCustomerSearch } from './use-customer-search';

/** Narrows a list to one customer. The address names it by slug. */
export function CustomerFilter({
  slug,
  onChange,
}: {
  slug: string | undefined;
  onChange: (slug: string | undefined) => void;
}): ReactNode {
  const { t } = useI18n();
  const { data } = useQuery({ ...customerQuery(slug ?? ''), enabled: Boolean(slug) });
  const chosen = data && slug ? { id: data.id, text: visibleName(data.name, data.slug), detail: data.slug } : undefined;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? chosen?.text ?? slug ?? '';
  const { options, isSearched } = useCustomerSearch(typed === undefined || typed === chosen?.text ? '' : typed);
  return (
    <Combo
      hideLabel
      label={t('instances.customer')}
      placeholder={t('instances.customer.all')}
      options={withChosen(options, chosen)}
      chosen={chosen?.id}
      text={text}
      none={isSearched ? t('instances.customer.none') : ''}
      onText={(next) => {
        setTyped(next === chosen?.text ? undefined : next);
        if (next === '' && slug) onChange(undefined);
      }}
      onChoose={(id) => {
        const option = options.find((candidate) => candidate.id === id);
        setTyped(undefined);
        if (option) onChange(option.detail);
      }}
    />
  );
}

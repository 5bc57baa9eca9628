import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { accountQuery, accountsFoundQuery } from '../service-accounts/account-queries';
import { Combo, withChosen } from '../ui/combo';
import { visibleName } from '../ui/name';
import { useSettled } from '../ui/use-settled';

interface AccountFilterProps {
  /** Slug or id; a deleted account's can be the id only. */
  readonly account: string | undefined;
  readonly onChange: (account: string | undefined) => void;
}

/** Narrows the list of all tokens to those of one service account. */
export function AccountFilter({ account, onChange }: AccountFilterProps): ReactNode {
  const { t } = useI18n();
  const { data } = useQuery({ ...accountQuery(account ?? ''), enabled: Boolean(account) });
  const chosen = account && data ? optionOf(data) : undefined;
  const [typed, setTyped] = useState<string>();
  const q = useSettled((typed ?? '').trim()).slice(0, 200);
  const found = useQuery({ ...accountsFoundQuery(q), placeholderData: keepPreviousData });
  const options = (found.data?.items ?? []).map(optionOf);
  return (
    <Combo
      hideLabel
      label={t('tokens.account')}
      placeholder={t('tokens.account.all')}
      options={withChosen(options, chosen)}
      chosen={chosen?.id}
      text={typed ?? chosen?.text ?? account ?? ''}
      none={found.data ? t('tokens.account.none') : ''}
      onText={(next) => {
        setTyped(next === chosen?.text ? undefined : next);
        if (next === '' && account) onChange(undefined);
      }}
      onChoose={(id) => {
        const option = options.find((candidate) => candidate.id === id);
        setTyped(undefined);
        if (option) onChange(option.detail);
      }}
    />
  );
}

const optionOf = ({ id, name, slug }: { readonly id: string; readonly name: string; readonly slug: string }) => ({
  id,
  text: visibleName(name, slug),
  detail: slug,
});

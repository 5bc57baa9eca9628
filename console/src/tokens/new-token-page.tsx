import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useRefusal } from '../api/use-refusal';
import type { Search } from '../app/search';
import { useI18n } from '../i18n/i18n';
import { accountQuery, addressOf } from '../service-accounts/account-queries';
import { AccountTrail } from '../service-accounts/account-trail';
import { isolated } from '../ui/name';
import { Card, Page } from '../ui/page';
import { Unread } from '../ui/unread';
import { MintedToken } from './minted-token';
import { NewTokenForm } from './new-token-form';
import type { Minted } from './token-queries';
import { policyQuery } from './token-queries';

/** A form, and in its place what came of it, once. */
export function NewTokenPage(): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { account: address } = useParams({ strict: false }) as { account: string };
  const read = useQuery(accountQuery(address));
  const asked = useQuery(policyQuery);
  const search = useSearch({ strict: false }) as Search;
  const refusal = useRefusal('write:tokens');
  const [minted, setMinted] = useState<Minted>();
  const { data: account } = read;
  const { data: policy } = asked;
  if (!account || !policy) {
    const retry = (): void => void Promise.all([read.refetch(), asked.refetch()]);
    const error = read.error ?? asked.error;
    return <Unread title={t('accounts.title')} above={<AccountTrail />} error={error} onRetry={retry} />;
  }
  const leave = (replace: boolean): void => {
    const params = { account: addressOf(account) };
    void navigate({ to: '/integrations/service-accounts/$account', params, replace });
  };
  const trail = <AccountTrail account={account} />;
  if (minted) {
    return (
      <Page title={t('minted.title', { name: isolated(minted.token.name, minted.token.slug) })} above={trail}>
        <Card>
          <MintedToken minted={minted} onDone={() => leave(true)} />
        </Card>
      </Page>
    );
  }
  return (
    <Page title={t('newToken.title')} intro={t('newToken.intro')} above={trail}>
      <NewTokenForm
        account={account.id}
        policy={policy}
        prefilled={{ name: (search.name ?? '').slice(0, 255), scopes: search.scopes ?? '' }}
        refusal={refusal}
        onMinted={setMinted}
        onCancel={() => leave(false)}
      />
    </Page>
  );
}

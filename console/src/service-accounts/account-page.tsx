import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { isMissing } from '../api/client';
import { useCursorPage } from '../api/use-cursor-page';
import { useRefusal } from '../api/use-refusal';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { AccountStates } from '../tokens/state-filter';
import { TokenList } from '../tokens/token-list';
import { TokenTools } from '../tokens/token-tools';
import { accountTokensQuery } from '../tokens/token-queries';
import { isState, sortOf } from '../tokens/token-words';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { isolated, visibleName } from '../ui/name';
import { Empty, Page } from '../ui/page';
import { Time } from '../ui/time';
import { Unread } from '../ui/unread';
import type { Account } from './account-queries';
import { accountQuery } from './account-queries';
import { AccountTrail } from './account-trail';

type Opened = 'rename' | 'delete' | 'tokens/new';

/** An account and its tokens. Its dialogs have addresses below its own. */
export function AccountPage(): ReactNode {
  const { t } = useI18n();
  const { account: address } = useParams({ strict: false }) as { account: string };
  const { data: account, error, refetch } = useQuery(accountQuery(address));
  if (!account || isMissing(error))
    return <Unread title={t('accounts.title')} above={<AccountTrail />} error={error} onRetry={() => void refetch()} />;
  return <Shown key={account.id} account={account} address={address} />;
}

function Shown({ account, address }: { account: Account; address: string }): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [{ q, state: asked, sort, cursor }] = useSearchParameters();
  const state = isState(asked) ? asked : undefined;
  const narrowed = { state, q: q || undefined, sort: sortOf(sort), cursor: cursor || undefined };
  const pages = useCursorPage(accountTokensQuery(account.id, narrowed));
  const refusal = useRefusal('write:tokens');
  const open = (to: Opened): void => {
    const kept = to === 'tokens/new' ? {} : (now: object) => now;
    void navigate({
      to: `/integrations/service-accounts/$account/${to}`,
      params: { account: address },
      search: kept as never,
    });
  };
  const generate = (
    <Button kind="primary" disabledBecause={refusal} onPress={() => open('tokens/new')}>
      <Icon name="plus" size={16} />
      {t('newToken.open')}
    </Button>
  );
  const isNarrowed = Boolean(q) || state !== undefined;
  return (
    <Page
      title={visibleName(account.name, account.slug)}
      intro={
        <>
          <span className="mono">{account.slug}</span> · {t('accounts.created')} <Time at={account.createdAt} />{' '}
          {t('tokens.by', { name: isolated(account.createdBy.name ?? account.createdBy.id) })}
        </>
      }
      above={<AccountTrail />}
      actions={
        <>
          <Button disabledBecause={refusal} onPress={() => open('rename')}>
            {t('accounts.rename')}
          </Button>
          <Button kind="danger" disabledBecause={refusal} onPress={() => open('delete')}>
            {t('action.delete')}
          </Button>
          {generate}
        </>
      }
    >
      <TokenTools states={<AccountStates counts={account.tokenCounts} current={state} />} />
      <TokenList
        label={t('accounts.tokens')}
        pages={pages}
        account={address}
        empty={
          <Empty title={t(isNarrowed ? 'tokens.none' : 'tokens.empty')} action={isNarrowed ? undefined : generate}>
            {t(isNarrowed ? 'tokens.none.text' : 'tokens.empty.text')}
          </Empty>
        }
      />
      <Suspense fallback={null}>
        <Outlet />
      </Suspense>
    </Page>
  );
}

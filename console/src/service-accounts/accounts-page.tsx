import { Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useCursorPage } from '../api/use-cursor-page';
import { useRefusal } from '../api/use-refusal';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { HygieneCards } from '../tokens/hygiene-cards';
import type { TokenCounts } from '../tokens/token-queries';
import { totalOf } from '../tokens/token-queries';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Name } from '../ui/name';
import { Empty, Page } from '../ui/page';
import { RowLink } from '../ui/row-link';
import { SearchBox } from '../ui/search-box';
import { accountOrderOf } from '../ui/sorts';
import type { Column } from '../ui/table';
import { Table } from '../ui/table';
import { Time } from '../ui/time';
import type { Account } from './account-queries';
import { accountsQuery, addressOf } from './account-queries';
import { IntegrationTabs } from './integration-tabs';
import './accounts-page.css';

export function AccountsPage(): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [{ q, sort: asked, cursor }, change] = useSearchParameters();
  const sort = accountOrderOf(asked);
  const pages = useCursorPage(accountsQuery({ q: q || undefined, sort, cursor: cursor || undefined }));
  const refusal = useRefusal('write:tokens');
  const columns = useColumns();
  const create = (
    <Button
      kind="primary"
      disabledBecause={refusal}
      onPress={() => void navigate({ to: '/integrations/service-accounts/new', search: (now) => now })}
    >
      <Icon name="plus" size={16} />
      {t('accounts.new')}
    </Button>
  );
  return (
    <Page title={t('accounts.title')} intro={t('accounts.intro')} actions={create}>
      <IntegrationTabs />
      <HygieneCards />
      <div className="row">
        <SearchBox label={t('accounts.search')} hint={t('accounts.none')} />
      </div>
      <Table
        label={t('accounts.title')}
        columns={columns}
        pages={pages}
        rowId={({ id }) => id}
        sort={sort}
        onSort={(chosen) => change({ sort: chosen })}
        empty={
          q ? (
            <Empty title={t('list.none', { query: q })}>{t('accounts.none')}</Empty>
          ) : (
            <Empty title={t('accounts.empty')} action={create}>
              {t('accounts.empty.text')}
            </Empty>
          )
        }
      />
      <Outlet />
    </Page>
  );
}

function useColumns(): readonly Column<Account>[] {
  const { t } = useI18n();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('field.name'),
        sortBy: 'name',
        width: '46%',
        cell: (account) => (
          <div className="account-name">
            <RowLink to="/integrations/service-accounts/$account" params={{ account: addressOf(account) }}>
              <Name text={account.name} instead={account.slug} lines={2} />
            </RowLink>
            <span className="soft small mono">{account.slug}</span>
          </div>
        ),
      },
      {
        id: 'tokens',
        header: t('accounts.tokens'),
        cell: ({ tokenCounts }) => <Tokens counts={tokenCounts} />,
      },
      { id: 'used', header: t('accounts.lastUsed'), cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
      {
        id: 'created',
        header: t('field.created'),
        sortBy: 'createdAt',
        cell: ({ createdAt }) => <Time at={createdAt} />,
      },
    ],
    [t],
  );
}

function Tokens({ counts }: { counts: TokenCounts }): ReactNode {
  const { t } = useI18n();
  const all = totalOf(counts);
  if (all === 0) return <span className="soft">{t('accounts.tokens.none')}</span>;
  return (
    <span>
      {t('accounts.tokens.active', { count: counts.active })}
      {all > counts.active && <span className="soft small"> {t('accounts.tokens.of', { count: all })}</span>}
    </span>
  );
}

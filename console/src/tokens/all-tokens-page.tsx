import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { useCursorPage } from '../api/use-cursor-page';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { IntegrationTabs } from '../service-accounts/integration-tabs';
import { Empty, Page } from '../ui/page';
import { AccountFilter } from './account-filter';
import { HygieneCards } from './hygiene-cards';
import { OrganizationStates } from './state-filter';
import { TokenList } from './token-list';
import { TokenTools } from './token-tools';
import { allTokensQuery } from './token-queries';
import { isState, sortOf } from './token-words';

/** The tokens of all accounts. */
export function AllTokensPage(): ReactNode {
  const { t } = useI18n();
  const [{ q, state: asked, sort: order, serviceAccount, cursor }, change] = useSearchParameters();
  const account = serviceAccount || undefined;
  const state = isState(asked) ? asked : undefined;
  const sort = sortOf(order);
  const pages = useCursorPage(
    allTokensQuery({ state, q: q || undefined, sort, serviceAccount: account, cursor: cursor || undefined }),
  );
  const isNarrowed = Boolean(q) || state !== undefined || account !== undefined;
  return (
    <Page title={t('tokens.all')} intro={t('tokens.all.intro')}>
      <IntegrationTabs />
      <HygieneCards current={state} />
      <TokenTools
        states={<OrganizationStates account={account} />}
        accounts={<AccountFilter account={account} onChange={(slug) => change({ serviceAccount: slug })} />}
      />
      <TokenList
        label={t('tokens.all')}
        pages={pages}
        empty={
          <Empty
            title={t(isNarrowed ? 'tokens.none' : 'tokens.empty')}
            action={<Link to="/integrations/service-accounts">{t('accounts.title')}</Link>}
          >
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

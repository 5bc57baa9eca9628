import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import './integration-tabs.css';

/** Accounts, and the tokens of all of them. */
export function IntegrationTabs(): ReactNode {
  const { t } = useI18n();
  return (
    <nav className="tabs" aria-label={t('accounts.tabs')}>
      <Link to="/integrations/service-accounts" activeProps={{ 'aria-current': 'page' }}>
        {t('accounts.tab')}
      </Link>
      <Link to="/integrations/tokens" activeProps={{ 'aria-current': 'page' }}>
        {t('tokens.all')}
      </Link>
    </nav>
  );
}

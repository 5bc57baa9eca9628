import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Name } from '../ui/name';
import type { Account } from './account-queries';
import { addressOf } from './account-queries';
import './account-trail.css';

/** Where this is: the list, and below it the account. */
export function AccountTrail({ account }: { account?: Account }): ReactNode {
  const { t } = useI18n();
  return (
    <nav className="trail small" aria-label={t('accounts.trail')}>
      <Link to="/integrations/service-accounts">{t('accounts.title')}</Link>
      {account && (
        <>
          <span aria-hidden="true">/</span>
          <Link
            to="/integrations/service-accounts/$account"
            params={{ account: addressOf(account) }}
            className="trail-last"
          >
            <Name text={account.name} instead={account.slug} />
          </Link>
        </>
      )}
    </nav>
  );
}

import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Page } from '../ui/page';

export function AccountsPage(): ReactNode {
  const { t } = useI18n();
  return (
    <Page title={t('accounts.title')} intro={t('accounts.intro')}>
      {null}
    </Page>
  );
}

import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Page } from '../ui/page';

export function AccountPage(): ReactNode {
  const { t } = useI18n();
  return <Page title={t('account.sessions')}>{null}</Page>;
}

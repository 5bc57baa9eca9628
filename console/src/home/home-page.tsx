import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Page } from '../ui/page';

export function HomePage(): ReactNode {
  const { t } = useI18n();
  return <Page title={t('nav.home')}>{null}</Page>;
}

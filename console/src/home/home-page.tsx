import type { ReactNode } from 'react';
import { useSession } from '../api/session';
import { useI18n } from '../i18n/i18n';
import { isolated } from '../ui/name';
import { Page } from '../ui/page';
import { FirstSteps } from './first-steps';
import { Numbers } from './numbers';

export function HomePage(): ReactNode {
  const { t } = useI18n();
  const { organization } = useSession();
  return (
    <Page title={t('nav.home')} intro={t('home.intro', { organization: isolated(organization.name) })}>
      <Numbers />
      <FirstSteps />
    </Page>
  );
}

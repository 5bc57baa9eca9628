import type { ReactNode } from 'react';
import { useSession } from '../api/session';
import { useI18n } from '../i18n/i18n';
import { Facts } from '../ui/facts';
import { isolated } from '../ui/name';
import { Card, Page } from '../ui/page';
import { Preferences } from './preferences';
import { Sessions } from './sessions';

export function AccountPage(): ReactNode {
  const { t } = useI18n();
  const { person, role, organization } = useSession();
  return (
    <Page title={t('account.title')}>
      <Card>
        <Facts
          facts={[
            [t('account.person'), isolated(person.name ?? t('account.nameless'))],
            [t('account.organization'), <OrganizationName key="organization" {...organization} />],
            [t('account.role'), t(`role.${role}`)],
            [t('account.may'), t(`role.${role}.may`)],
          ]}
        />
      </Card>
      <Sessions />
      <Preferences />
    </Page>
  );
}

function OrganizationName({ name, slug }: { name: string; slug: string }): ReactNode {
  return (
    <span>
      <bdi>{name}</bdi> <code className="soft">{slug}</code>
    </span>
  );
}

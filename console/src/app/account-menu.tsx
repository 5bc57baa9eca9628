import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { api, body } from '../api/client';
import { sessionQuery, useSession } from '../api/session';
import type { Language } from '../i18n/i18n';
import { LANGUAGES, useI18n } from '../i18n/i18n';
import { Icon } from '../ui/icon';
import type { Theme } from './theme';
import { THEMES, useTheme } from './theme';
import './menu.css';

export function AccountMenu(): ReactNode {
  const { t, language, setLanguage } = useI18n();
  const [theme, setTheme] = useTheme();
  const { person, role, organization } = useSession();
  const name = person.name ?? t('account.nameless');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await body(api.DELETE('/session'));
    await navigate({ to: '/sign-in', ignoreBlocker: true });
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, null);
  };
  return (
    <MenuTrigger>
      <Button className="menu-button" aria-label={t('account.menu', { name })}>
        <Icon name="person" />
        <span className="menu-name truncate">{name}</span>
        <Icon name="chevron" size={14} />
      </Button>
      <Popover className="menu-popover" placement="bottom end">
        <div className="menu-who">
          <strong className="truncate">{name}</strong>
          <span className="soft small truncate">
            {organization.name} · {t(`role.${role}`)}
          </span>
        </div>
        <Menu className="menu">
          <MenuItem className="menu-item" onAction={() => void navigate({ to: '/account' })}>
            {t('account.title')}
          </MenuItem>
          <MenuItem className="menu-item" href="/api/docs" target="_blank">
            {t('help.api')}
          </MenuItem>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(keys) => setTheme([...keys][0] as Theme)}
          >
            <Header className="menu-header">{t('theme.title')}</Header>
            {THEMES.map((id) => (
              <MenuItem key={id} id={id} className="menu-item">
                {t(`theme.${id}`)}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[language]}
            onSelectionChange={(keys) => setLanguage([...keys][0] as Language)}
          >
            <Header className="menu-header">{t('language.title')}</Header>
            {Object.entries(LANGUAGES).map(([id, name]) => (
              <MenuItem key={id} id={id} className="menu-item">
                {name}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuItem className="menu-item" onAction={() => void signOut()}>
            {t('account.signOut')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

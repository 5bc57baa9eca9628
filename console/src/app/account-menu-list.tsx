import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode, RefObject } from 'react';
import { Header, Menu, MenuItem, MenuSection, Popover } from 'react-aria-components';
import { api, ApiError, body } from '../api/client';
import { sessionQuery, useSession } from '../api/session';
import type { Language } from '../i18n/i18n';
import { LANGUAGES, useI18n } from '../i18n/i18n';
import { showToast } from '../ui/toast';
import type { Theme } from './theme';
import { THEMES, useTheme } from './theme';

interface AccountMenuListProps {
  readonly name: string;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

export function AccountMenuList({ name, button, onClose }: AccountMenuListProps): ReactNode {
  const { t, language, setLanguage } = useI18n();
  const [theme, setTheme] = useTheme();
  const { role, organization } = useSession();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Popover
      isOpen
      triggerRef={button}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="menu-popover"
      aria-label={t('account.menu', { name })}
      placement="bottom end"
    >
      <div className="menu-who">
        <strong className="truncate">
          <bdi>{name}</bdi>
        </strong>
        <span className="soft small truncate">
          <bdi>{organization.name}</bdi> · {t(`role.${role}`)}
        </span>
      </div>
      <Menu className="menu" aria-label={t('account.menu', { name })} autoFocus="first" onClose={onClose}>
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
          {Object.entries(LANGUAGES).map(([id, text]) => (
            <MenuItem key={id} id={id} className="menu-item">
              {text}
            </MenuItem>
          ))}
        </MenuSection>
        <MenuItem className="menu-item" onAction={() => void signOut()}>
          {t('account.signOut')}
        </MenuItem>
      </Menu>
    </Popover>
  );
}

function useSignOut(): () => Promise<void> {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await body(api.DELETE('/session'));
    } catch (error) {
      // One that has ended already leads to the sign-in by itself.
      if (!(error instanceof ApiError && error.isSignedOut)) showToast({ text: t('error.network'), kind: 'bad' });
      return;
    }
    await navigate({ to: '/sign-in', ignoreBlocker: true });
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, null);
  };
}

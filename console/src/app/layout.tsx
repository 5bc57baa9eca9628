import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n/i18n';
import type { MessageKey } from '../i18n/i18n';
import { ApiHelpButton } from '../help/api-help-button';
import { PaletteButton } from '../palette/palette-button';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { Tips } from '../ui/tips';
import { ToastRegion } from '../ui/toast';
import { AccountMenu } from './account-menu';
import { ConnectionBanner } from './connection-banner';
import './layout.css';

interface Place {
  readonly to: string;
  readonly icon: IconName;
  readonly text: MessageKey;
  /** What else is a part of it. */
  readonly also?: string;
}

const PLACES: readonly Place[] = [
  { to: '/', icon: 'home', text: 'nav.home' },
  { to: '/customers', icon: 'customers', text: 'nav.customers' },
  { to: '/instances', icon: 'instances', text: 'nav.instances' },
  { to: '/feature-flags', icon: 'flags', text: 'nav.flags' },
];

const INTEGRATIONS: readonly Place[] = [
  { to: '/integrations/service-accounts', icon: 'key', text: 'nav.serviceAccounts', also: '/integrations/tokens' },
];

/** What surrounds every page of somebody who has signed in. */
export function Layout(): ReactNode {
  const { t } = useI18n();
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useRouterState({ select: (state) => state.location });
  const main = useRef<HTMLElement>(null);
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div className="layout">
      <a className="skip" href="#content" onClick={() => main.current?.focus()}>
        {t('app.skip')}
      </a>
      <header className="bar">
        <button
          type="button"
          className="bar-menu"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} />
          <span className="visually-hidden">{t('app.menu')}</span>
        </button>
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" width="22" height="22" />
          {t('app.name')}
        </Link>
        <div className="bar-end">
          <PaletteButton />
          <ApiHelpButton />
          <AccountMenu />
        </div>
      </header>
      <nav id="navigation" className={`nav${isOpen ? ' nav-open' : ''}`} aria-label={t('nav.main')}>
        <Places places={PLACES} />
        <h2 className="nav-group">{t('nav.integrations')}</h2>
        <Places places={INTEGRATIONS} />
      </nav>
      <main id="content" ref={main} tabIndex={-1} className="content">
        <Suspense
          fallback={
            <div className="page">
              <Skeleton lines={8} />
            </div>
          }
        >
          <Outlet />
        </Suspense>
        <Tips />
      </main>
      <ToastRegion />
      <ConnectionBanner />
    </div>
  );
}

function Places({ places }: { places: readonly Place[] }): ReactNode {
  const { t } = useI18n();
  const { pathname } = useRouterState({ select: (state) => state.location });
  return (
    <ul>
      {places.map(({ to, icon, text, also }) => (
        <li key={to}>
          <Link
            to={to}
            className="nav-link"
            activeOptions={{ exact: to === '/' }}
            activeProps={{ 'aria-current': 'page' }}
            aria-current={pathname === also ? 'page' : undefined}
          >
            <Icon name={icon} />
            {t(text)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

import type { ReactNode } from 'react';
import { Suspense, useRef, useState } from 'react';
import { useSession } from '../api/session';
import { useI18n } from '../i18n/i18n';
import { Icon } from '../ui/icon';
import { lazyPart, loadAhead } from './part';
import './menu.css';

const load = () => import('./account-menu-list');
const AccountMenuList = lazyPart(load, 'AccountMenuList');

/** Who has signed in, and what concerns only them. What the menu is made of is loaded when it is wanted. */
export function AccountMenu(): ReactNode {
  const { t } = useI18n();
  const { person } = useSession();
  const name = person.name ?? t('account.nameless');
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="menu-button"
        aria-label={t('account.menu', { name })}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPointerEnter={() => loadAhead(load)}
        onFocus={() => loadAhead(load)}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name="person" />
        <span className="menu-name truncate">
          <bdi>{name}</bdi>
        </span>
        <Icon name="chevron" size={14} />
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <AccountMenuList name={name} button={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import './scope-badges.css';

const SHOWN = 6;

export function ScopeBadges({ scopes }: { scopes: readonly string[] }): ReactNode {
  const { t } = useI18n();
  const [isOpen, setOpen] = useState(false);
  const isLong = scopes.length > SHOWN + 1;
  const shown = isLong && !isOpen ? scopes.slice(0, SHOWN) : scopes;
  return (
    <ul className="scope-badges" aria-label={t('scopes.title')}>
      {shown.map((scope) => (
        <li key={scope}>
          <code>{scope}</code>
        </li>
      ))}
      {isLong && (
        <li>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? t('scopes.fewer') : t('scopes.more', { count: scopes.length - SHOWN })}
          </button>
        </li>
      )}
    </ul>
  );
}

import type { ReactNode } from 'react';
import type { MessageKey } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import type { GrantedScope } from './scopes';
import './scope-summary.css';

/** The scopes as the API has them, and what each allows. */
export function ScopeSummary({ scopes }: { scopes: readonly GrantedScope[] }): ReactNode {
  const { t } = useI18n();
  if (scopes.length === 0) return <p className="soft">{t('scopes.none')}</p>;
  return (
    <ul className="scope-summary">
      {scopes.map((scope) => (
        <li key={scope}>
          <code>{scope}</code>
          <span className="soft small">{t(`allows.${scope}` satisfies MessageKey)}</span>
        </li>
      ))}
    </ul>
  );
}

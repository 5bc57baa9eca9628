import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { isolated } from './name';
import { Time } from './time';

/** When something was done, and by whom. */
export function Stamp({ at, by }: { at: string; by: { readonly name?: string } }): ReactNode {
  const { t } = useI18n();
  return (
    <span>
      <Time at={at} /> <span className="soft">{t('customers.by', { name: isolated(by.name) })}</span>
    </span>
  );
}

import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import type { Policy } from './expiry';
import { mayLastForEver } from './expiry';
import './policy-note.css';

/** What the organization asks of every token. */
export function PolicyNote({ policy }: { policy: Policy }): ReactNode {
  const { t } = useI18n();
  const { longestLifetimeDays: longest, requiredCidrs } = policy;
  const asked = [
    longest !== undefined && t('policy.longest', { count: longest }),
    longest === undefined && !mayLastForEver(policy) && t('policy.mustExpire'),
    requiredCidrs && t('policy.networks', { networks: requiredCidrs.join(', ') }),
  ].filter((text) => text !== false && text !== undefined);
  return (
    <aside className="policy small" aria-label={t('policy.title')}>
      <strong>{t('policy.title')}</strong>
      {asked.length === 0 ? (
        <p className="soft">{t('policy.nothing')}</p>
      ) : (
        <ul>
          {asked.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </aside>
  );
}

import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import './skeleton.css';

/** As high as what will be there, so that nothing moves when it comes. */
export function Skeleton({ lines = 5, height = 44 }: { lines?: number; height?: number }): ReactNode {
  const { t } = useI18n();
  return (
    <div role="status" aria-label={t('app.loading')} className="skeleton">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} style={{ height }} />
      ))}
    </div>
  );
}

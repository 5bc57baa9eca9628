import type { ReactNode } from 'react';
import { useConnectionLost } from '../api/signals';
import { useI18n } from '../i18n/i18n';
import { Icon } from '../ui/icon';
import './connection-banner.css';

/** Says that the server cannot be reached, until it can again. */
export function ConnectionBanner(): ReactNode {
  const { t } = useI18n();
  const isLost = useConnectionLost();
  return (
    <div role="status">
      {isLost && (
        <p className="connection-banner">
          <Icon name="warning" size={16} />
          {t('app.offline')}
        </p>
      )}
    </div>
  );
}

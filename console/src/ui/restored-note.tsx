import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import './restored-note.css';

/** Says that a form has what was typed into it earlier, and lets one begin anew. */
export function RestoredNote({ onStartOver }: { onStartOver: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <div className="restored small" role="status">
      <span>{t('form.restored')}</span>
      <Button small kind="quiet" onPress={onStartOver}>
        {t('form.startOver')}
      </Button>
    </div>
  );
}

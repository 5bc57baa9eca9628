import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { isolated } from './name';
import './problem.css';

interface ClashNoteProps {
  readonly by: string;
  readonly fields: readonly string[];
  readonly onMine: () => void;
  readonly onTheirs: () => void;
}

/** Two people changed the same: whose it is to be is asked. */
export function ClashNote({ by, fields, onMine, onTheirs }: ClashNoteProps): ReactNode {
  const { t, language } = useI18n();
  const list = new Intl.ListFormat(language).format(fields);
  return (
    <div className="problem" role="alert">
      <div>
        <strong>{t('form.changed', { name: isolated(by) })}</strong>
        <p>{t('form.changed.text', { fields: list })}</p>
      </div>
      <div className="row">
        <Button small onPress={onTheirs}>
          {t('form.changed.theirs')}
        </Button>
        <Button small kind="danger" onPress={onMine}>
          {t('form.changed.mine')}
        </Button>
      </div>
    </div>
  );
}

import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { isolated, Name } from './name';
import './problem.css';
import './clash-note.css';

interface ClashingField {
  readonly label: string;
  readonly theirs: string;
  readonly mine: string;
  readonly isCode?: boolean;
}

interface ClashNoteProps {
  readonly by: string;
  readonly fields: readonly ClashingField[];
  readonly onMine: () => void;
  readonly onTheirs: () => void;
}

/** Two people changed the same: both are shown, and whose it is to be is asked. */
export function ClashNote({ by, fields, onMine, onTheirs }: ClashNoteProps): ReactNode {
  const { t } = useI18n();
  return (
    <div className="problem clash" role="alert">
      <div>
        <strong>{t('form.changed', { name: isolated(by) })}</strong>
        <p>{t('form.changed.text')}</p>
      </div>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('form.changed.present')}</th>
            <th scope="col">{t('form.changed.yours')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ label, theirs, mine, isCode }) => (
            <tr key={label} className={isCode ? 'mono' : undefined}>
              <th scope="row">{label}</th>
              <td>
                <Name text={theirs} />
              </td>
              <td>
                <Name text={mine} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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

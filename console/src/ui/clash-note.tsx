import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import type { Clash } from './field-problems';
import { isolated, Name } from './name';
import './problem.css';
import './clash-note.css';

interface ClashNoteProps<T extends object> {
  readonly clash: Clash<T> | undefined;
  readonly label: (field: keyof T) => string;
  /** How a value is shown, where not as it is. */
  readonly shown?: (value: T[keyof T], field: keyof T) => string;
  readonly isCode?: boolean;
  readonly onMine: () => void;
  readonly onTheirs: (clash: Clash<T>) => void;
}

/** Two people changed the same: both are shown, and whose it is to be is asked. */
export function ClashNote<T extends object>(props: ClashNoteProps<T>): ReactNode {
  const { clash, label, shown = String, isCode, onMine, onTheirs } = props;
  const { t } = useI18n();
  if (!clash) return null;
  return (
    <div className="problem clash" role="alert">
      <div>
        <strong>{t('form.changed', { name: isolated(clash.by) })}</strong>
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
          {clash.fields.map((field) => (
            <tr key={String(field)} className={isCode ? 'mono' : undefined}>
              <th scope="row">{label(field)}</th>
              <td>
                <Name text={shown(clash.theirs[field], field)} />
              </td>
              <td>
                <Name text={shown(clash.mine[field], field)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <Button small onPress={() => onTheirs(clash)}>
          {t('form.changed.theirs')}
        </Button>
        <Button small kind="danger" onPress={onMine}>
          {t('form.changed.mine')}
        </Button>
      </div>
    </div>
  );
}

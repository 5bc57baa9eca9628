import type { ReactNode } from 'react';
import { Focusable } from 'react-aria-components';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { visibleName } from '../ui/name';
import { Tip } from '../ui/tip';
import type { Flag } from './flags-api';
import './flag-switch.css';

interface FlagSwitchProps {
  readonly flag: Pick<Flag, 'name' | 'slug' | 'enabled'>;
  /** Opens the dialog in which it is confirmed. */
  readonly onAsk: () => void;
  readonly withText?: boolean;
}

/** Whether the flag is on. It is switched only after a question. */
export function FlagSwitch({ flag, onAsk, withText }: FlagSwitchProps): ReactNode {
  const { t } = useI18n();
  const refusal = useRefusal('write:feature_flags');
  const button = (
    <button
      type="button"
      role="switch"
      className="flag-switch"
      aria-checked={flag.enabled}
      aria-disabled={refusal !== undefined}
      aria-label={t('flags.switch.label', { name: visibleName(flag.name, flag.slug) })}
      onClick={refusal === undefined ? onAsk : undefined}
    >
      <span className="flag-switch-track" aria-hidden="true" />
      {withText && <span>{t(flag.enabled ? 'flags.on' : 'flags.off')}</span>}
    </button>
  );
  if (refusal === undefined) return button;
  return (
    <Tip text={refusal}>
      <Focusable>{button}</Focusable>
    </Tip>
  );
}

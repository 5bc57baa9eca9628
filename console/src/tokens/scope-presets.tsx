import type { ReactNode } from 'react';
import type { Scope } from '../api/session';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import type { Choice, Preset } from './scopes';
import { isSame, PRESETS, within } from './scopes';

interface ScopePresetsProps {
  readonly choice: Choice;
  readonly held: readonly Scope[];
  readonly onChange: (choice: Choice) => void;
}

export function ScopePresets({ choice, held, onChange }: ScopePresetsProps): ReactNode {
  const { t } = useI18n();
  const chosen = (Object.keys(PRESETS) as Preset[]).find((preset) => isSame(PRESETS[preset], choice));
  return (
    <div className="presets" role="group" aria-label={t('presets.title')}>
      <div className="row">
        {(Object.keys(PRESETS) as Preset[]).map((preset) => {
          const isHeld = isSame(PRESETS[preset], within(PRESETS[preset], held));
          return (
            <Button
              key={preset}
              small
              aria-pressed={preset === chosen}
              disabledBecause={isHeld ? undefined : t('scopes.notHeld')}
              onPress={() => onChange(PRESETS[preset])}
            >
              {t(`presets.${preset}`)}
            </Button>
          );
        })}
      </div>
      <p className="small soft">{t(chosen ? `presets.${chosen}.help` : 'presets.help')}</p>
    </div>
  );
}

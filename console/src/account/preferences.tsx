import type { ReactNode } from 'react';
import { THEMES, useTheme } from '../app/theme';
import type { Language } from '../i18n/i18n';
import { LANGUAGES, useI18n } from '../i18n/i18n';
import { Card } from '../ui/page';
import { Select } from '../ui/select';
import './account.css';

/** How the console looks in this browser. */
export function Preferences(): ReactNode {
  const { t, language, setLanguage } = useI18n();
  const [theme, setTheme] = useTheme();
  return (
    <Card title={t('account.preferences')}>
      <div className="preferences">
        <Select
          label={t('theme.title')}
          value={theme}
          onChange={setTheme}
          choices={THEMES.map((value) => ({ value, text: t(`theme.${value}`) }))}
        />
        <Select
          label={t('language.title')}
          value={language}
          onChange={setLanguage}
          choices={Object.entries(LANGUAGES).map(([value, text]) => ({ value: value as Language, text }))}
        />
      </div>
    </Card>
  );
}

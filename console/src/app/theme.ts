import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'kaiten.theme';

/** `public/theme.js` reads it before the page is painted. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const stored = localStorage.getItem(STORED);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  });
  const choose = (next: Theme): void => {
    if (next === 'system') {
      localStorage.removeItem(STORED);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(STORED, next);
      document.documentElement.dataset.theme = next;
    }
    setTheme(next);
  };
  return [theme, choose];
}

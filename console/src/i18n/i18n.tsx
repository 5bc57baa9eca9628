import type { ReactNode } from 'react';
import { createContext, use, useEffect, useMemo, useState } from 'react';
import { part } from '../app/part';
import type { Messages } from './en';
import { en } from './en';

export const LANGUAGES = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof LANGUAGES;

export type MessageKey = keyof Messages;
type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: Values) => string;

interface I18n {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly t: Translate;
}

const STORED = 'kaiten.language';
const Context = createContext<I18n | undefined>(undefined);

/** Texts in the reader's language. The ones other than English are loaded when they are needed. */
export function I18nProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, choose] = useState<Language>(initialLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; messages: Messages }>({ language: 'en', messages: en });
  useEffect(() => {
    document.documentElement.lang = language;
    let current = true;
    void messagesOf(language).then((messages) => current && setLoaded({ language, messages }));
    return () => {
      current = false;
    };
  }, [language]);
  const value = useMemo<I18n>(
    () => ({
      language,
      setLanguage: (next) => {
        localStorage.setItem(STORED, next);
        choose(next);
      },
      t: (key, values = {}) => translate(loaded.messages[key], values, loaded.language),
    }),
    [language, loaded],
  );
  // English for a moment would be a flash of another language.
  return loaded.language === language ? <Context value={value}>{children}</Context> : null;
}

export function useI18n(): I18n {
  const value = use(Context);
  if (!value) throw new Error('There is no I18nProvider');
  return value;
}

async function messagesOf(language: Language): Promise<Messages> {
  return language === 'fr' ? (await part(() => import('./fr'))).fr : en;
}

function initialLanguage(): Language {
  const wanted = [localStorage.getItem(STORED), ...navigator.languages];
  for (const tag of wanted) {
    const language = tag?.slice(0, 2);
    if (language && language in LANGUAGES) return language as Language;
  }
  return 'en';
}

/** How dates and times are written: as where the reader is, if the language of that place is the chosen one. */
export function localeOf(language: Language): string {
  const own = navigator.languages.find((tag) => tag.split('-')[0] === language && isLocale(tag));
  return own ?? language;
}

/** Some browsers have what their system calls it, such as `en-US@posix`. */
function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

function translate(entry: Messages[MessageKey], values: Values, language: Language): string {
  const text = typeof entry === 'string' ? entry : entry[pluralOf(values.count, language)];
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}

function pluralOf(count: string | number | undefined, language: Language): 'one' | 'other' {
  return new Intl.PluralRules(language).select(Number(count)) === 'one' ? 'one' : 'other';
}

import type { ReactNode } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { Icon } from './icon';
import './search-box.css';

/** Long enough for a word, short enough to feel immediate. */
const PAUSE_MS = 250;

/** Text to look for, kept in the address as `?q=`. Escape empties it. @param label what is searched, short enough for a phone. @param hint where in it. */
export function SearchBox({ label, hint, name = 'q' }: { label: string; hint?: string; name?: string }): ReactNode {
  const { t } = useI18n();
  const [search, change] = useSearchParameters();
  const kept = search[name] ?? '';
  const [text, setText] = useState(kept);
  const written = useRef(kept);
  const id = useId();
  useEffect(() => {
    // Going back changes the address without anybody having typed.
    if (kept !== written.current) setText(kept);
    written.current = kept;
  }, [kept]);
  useEffect(() => {
    if (text.trim() === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = text.trim();
      change({ [name]: written.current || undefined });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, name, change]);
  return (
    <div className="search-box">
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <Icon name="search" />
      <input
        id={id}
        type="search"
        value={text}
        maxLength={200}
        placeholder={label}
        title={hint}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setText('')}
      />
      {text && (
        <button type="button" aria-label={t('action.clear')} onClick={() => setText('')}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

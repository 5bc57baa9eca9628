import type { ReactNode } from 'react';
import { Suspense, useEffect, useState } from 'react';
import { lazyPart, loadAhead } from '../app/part';
import { useI18n } from '../i18n/i18n';
import { Icon } from '../ui/icon';
import './palette-button.css';

const load = () => import('./palette');
const Palette = lazyPart(load, 'Palette');

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Opens the palette, as Ctrl-K does (Cmd-K with Apple's). What it is made of is loaded when it is wanted. */
export function PaletteButton(): ReactNode {
  const { t } = useI18n();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      // Over a dialog it would lead away from what is being typed there.
      setOpen((was) => !was && document.querySelector('[role="dialog"], [role="alertdialog"]') === null);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className="palette-button"
        aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
        aria-haspopup="dialog"
        onPointerEnter={() => loadAhead(load)}
        onFocus={() => loadAhead(load)}
        onClick={() => setOpen(true)}
      >
        <Icon name="search" />
        <span className="palette-button-text">{t('palette.open')}</span>
        <kbd aria-hidden="true">{isApple ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

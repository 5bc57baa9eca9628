import type { ReactNode } from 'react';
import type { Place } from './flag-places';

/** Where a problem may be: the summary of problems leads here. */
export function At({ place, children }: { place: Place; children: ReactNode }): ReactNode {
  return (
    <div data-place={place} className="flag-at">
      {children}
    </div>
  );
}

const FOCUSABLE =
  'input:not([disabled]), textarea, select:not([disabled]), [contenteditable="true"], button:not([disabled])';
const PATIENCE_MS = 3_000;

/** Brings the field at a place into focus, as soon as it is there: editors come when they are loaded. */
export function focusPlace(place: Place, since = Date.now()): void {
  const at = document.querySelector(`[data-place="${CSS.escape(place)}"]`);
  const element = at?.querySelector('.code-ghost') ? undefined : at?.querySelector<HTMLElement>(FOCUSABLE);
  if (element) {
    element.scrollIntoView({ block: 'center' });
    element.focus();
  } else if (Date.now() - since < PATIENCE_MS) {
    setTimeout(() => focusPlace(place, since), 50);
  }
}

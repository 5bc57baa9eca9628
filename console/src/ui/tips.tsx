import type { ReactNode } from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import './tip.css';

/** Long enough not to flicker while the pointer passes by, and to get from what is explained to the tip. */
const OPEN_MS = 300;
const CLOSE_MS = 120;
const MARGIN = 6;

interface Shown {
  readonly lines: readonly string[];
  readonly by: Element;
}

/**
 * One tip for all that says more in `data-tip`: a time in UTC, a name that is cut off (`data-tip-if="cut"`). It shows when that is pointed
 * at or focused; the link of a table's row, which has the focus for all of the row, shows what all of it has to say.
 */
export function Tips(): ReactNode {
  const [shown, show] = useState<Shown>();
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => listen(tip, show), []);
  useEffect(() => {
    if (!shown || shown.by !== document.activeElement || shown.by.hasAttribute('aria-describedby')) return undefined;
    shown.by.setAttribute('aria-describedby', 'tips');
    return () => shown.by.removeAttribute('aria-describedby');
  }, [shown]);
  useLayoutEffect(() => {
    if (shown && tip.current) place(tip.current, shown.by);
  }, [shown]);
  return (
    <div ref={tip} id="tips" role="tooltip" className="tip tips" hidden={!shown}>
      {shown?.lines.map((line) => (
        <div key={line} dir="auto">
          {line}
        </div>
      ))}
    </div>
  );
}

function listen(tip: { readonly current: HTMLElement | null }, show: (shown: Shown | undefined) => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const later = (shown: Shown | undefined, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => show(shown), ms);
  };
  const over = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    if (tip.current?.contains(target)) return clearTimeout(timer);
    const by = target.closest('[data-tip]');
    const lines = by ? linesOf([by]) : [];
    if (by && lines.length > 0) later({ lines, by }, OPEN_MS);
    else later(undefined, CLOSE_MS);
  };
  const focused = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    const isOwn = target.hasAttribute('data-tip');
    if (!isOwn && !target.matches('.row-link:focus-visible')) return;
    const lines = linesOf(isOwn ? [target] : [...(target.closest('tr') ?? target).querySelectorAll('[data-tip]')]);
    if (lines.length > 0) later({ lines, by: target }, OPEN_MS);
  };
  const gone = (): void => later(undefined, 0);
  const onKey = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') gone();
  };
  const off = new AbortController();
  const { signal } = off;
  document.addEventListener('pointerover', over, { signal });
  document.addEventListener('focusin', focused, { signal });
  document.addEventListener('focusout', gone, { signal });
  document.addEventListener('keydown', onKey, { signal });
  document.addEventListener('click', gone, { signal });
  document.addEventListener('scroll', gone, { signal, capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    off.abort();
  };
}

/** With more than one of them, each says what it is about. */
function linesOf(elements: readonly Element[]): string[] {
  const lines = elements.flatMap((element) => {
    const { tip, tipIf } = (element as HTMLElement).dataset;
    if (!tip || (tipIf === 'cut' && !isCut(element))) return [];
    const label = elements.length > 1 && element.closest('td')?.dataset.label;
    return [label && tipIf !== 'cut' ? `${label}: ${tip}` : tip];
  });
  return [...new Set(lines)];
}

const isCut = ({ scrollHeight, clientHeight, scrollWidth, clientWidth }: Element): boolean =>
  scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1;

/** Below it, or above it where there is no room; never beyond the edges. */
function place(tip: HTMLElement, by: Element): void {
  const at = by.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(at.left, document.documentElement.clientWidth - width - MARGIN));
  const below = at.bottom + MARGIN;
  const top = below + height > window.innerHeight ? Math.max(MARGIN, at.top - height - MARGIN) : below;
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

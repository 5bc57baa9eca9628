import type { ReactNode } from 'react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useI18n } from '../i18n/i18n';
import { Icon } from './icon';
import './toast.css';

interface Toast {
  readonly text: string;
  readonly kind?: 'good' | 'bad';
  /** Takes it back. The button is there as long as the toast is. */
  readonly undo?: () => void | Promise<void>;
}

interface Shown extends Toast {
  readonly id: number;
}

const LASTS_MS = 8_000;
const MOST = 3;

let shown: readonly Shown[] = [];
let made = 0;
const listeners = new Set<() => void>();

function show(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Says at the edge of the screen what has happened, and lets it be undone. For errors that need reading, use `ProblemNote`. */
export function showToast(toast: Toast): void {
  show([...shown, { ...toast, id: (made += 1) }].slice(-MOST));
}

const dismiss = (id: number): void => show(shown.filter((toast) => toast.id !== id));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; the layout has it. It is there from the start, or screen readers would miss the first one. */
export function ToastRegion(): ReactNode {
  const { t } = useI18n();
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <section className="toasts" aria-label={t('toast.region')}>
      <div role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ToastLine key={toast.id} toast={toast} />
        ))}
      </div>
    </section>
  );
}

function ToastLine({ toast: { id, text, kind = 'good', undo } }: { toast: Shown }): ReactNode {
  const { t } = useI18n();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = setTimeout(() => dismiss(id), LASTS_MS);
    return () => clearTimeout(timer);
  }, [id, isHeld]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) };
  return (
    <div className={`toast toast-${kind}`} {...hold} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <Icon name={kind === 'good' ? 'check' : 'warning'} />
      <span className="toast-text">{text}</span>
      {undo && (
        <button
          type="button"
          className="toast-undo"
          onClick={() => {
            dismiss(id);
            void undo();
          }}
        >
          {t('action.undo')}
        </button>
      )}
      <button type="button" className="toast-close" aria-label={t('action.close')} onClick={() => dismiss(id)}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

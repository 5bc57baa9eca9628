import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { isolated } from '../ui/name';
import type { Place } from './flag-places';
import { ProblemSummary } from './problem-summary';
import type { FlagEdit } from './use-flag-edit';
import './save-bar.css';

interface SaveBarProps {
  readonly edit: FlagEdit;
  readonly onGo: (place: Place) => void;
  readonly onCompare: () => void;
}

/** What is not saved yet, over all pages of the flag, and how to save or drop it. */
export function SaveBar({ edit, onGo, onCompare }: SaveBarProps): ReactNode {
  const { t } = useI18n();
  const { form, theirs, isDirty, isSaving, rest, attempts, save, discard } = edit;
  if (!isDirty) return null;
  return (
    <>
      <ProblemSummary draft={form.draft} problems={form.problems} rest={rest} attempt={attempts} onGo={onGo} />
      <section ref={keepClear} className="save-bar" aria-label={t('flags.unsaved')}>
        <span role="status" className="save-bar-text">
          {theirs ? t('form.changed', { name: isolated(theirs.flag.updatedBy.name) }) : t('flags.unsaved')}
        </span>
        <Button isDisabled={isSaving} onPress={discard}>
          {t('metadata.discard')}
        </Button>
        {theirs ? (
          <Button kind="primary" onPress={onCompare}>
            {t('flags.compare.open')}
          </Button>
        ) : (
          <Button kind="primary" disabledBecause={form.refusal} isPending={isSaving} onPress={save}>
            {t('action.save')}
          </Button>
        )}
      </section>
    </>
  );
}

/** As high as notifications are, as many as there may be: what is higher up in the window they do not cover. */
const REACH_PX = 260;

/** Notifications appear above the bar while it is at the bottom of the window, and not over its buttons. */
function keepClear(bar: HTMLElement): () => void {
  const { style } = document.documentElement;
  const place = (): void => {
    const { top, bottom } = bar.getBoundingClientRect();
    const isBelow = innerHeight - bottom < REACH_PX;
    style.setProperty('--covered-below', isBelow ? `${innerHeight - top}px` : '0px');
  };
  const observer = new ResizeObserver(place);
  // Another page of the flag moves the bar, and may leave everything else as large as it was.
  for (const each of [bar, bar.parentElement!, document.body]) observer.observe(each);
  const listening = new AbortController();
  for (const event of ['scroll', 'resize'])
    addEventListener(event, place, { capture: true, passive: true, signal: listening.signal });
  return () => {
    observer.disconnect();
    listening.abort();
    style.removeProperty('--covered-below');
  };
}

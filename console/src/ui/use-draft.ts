import { useCallback, useState } from 'react';
import { useSession } from '../api/session';

type Texts<T> = { readonly [K in keyof T]: string };

/** What somebody has typed into a form. */
export interface Draft<T> {
  readonly values: T;
  readonly change: (change: Partial<T>) => void;
  readonly forget: () => void;
  /** It was typed earlier. */
  readonly isRestored: boolean;
}

/**
 * A draft that is kept in this tab through a reload and a new sign-in of the same person. Not for secrets.
 *
 * @param initial what the form begins with. Only what has been changed is kept.
 */
export function useDraft<T extends Texts<T>>(form: string, initial: T): Draft<T> {
  const place = useDraftPlace(form);
  const [typed, setTyped] = useState<Partial<T>>(() => keptAt<T>(place, initial));
  const [isRestored] = useState(() => (Object.keys(typed) as (keyof T)[]).some((key) => typed[key] !== initial[key]));
  const change = useCallback(
    (fields: Partial<T>) =>
      setTyped((before) => {
        const after = { ...before, ...fields };
        sessionStorage.setItem(place, JSON.stringify(after));
        return after;
      }),
    [place],
  );
  const forget = useCallback(() => {
    sessionStorage.removeItem(place);
    setTyped({});
  }, [place]);
  return { values: { ...initial, ...typed }, change, forget, isRestored };
}

export interface EditDraft<T> extends Draft<T> {
  /** What was there when one began to type: what others have changed since is told by it, also in a form that was left and is taken up again. */
  readonly base: T;
  /** Goes on from what is there now. */
  readonly rebase: (present: T, change: Partial<T>) => void;
}

/** A draft of changes to something that others may change as well. @param present as it is now. */
export function useEditDraft<T extends Texts<T>>(form: string, present: T): EditDraft<T> {
  const { values: kept, change: changeDraft, forget, isRestored } = useDraft(form, { ...present, base: '' });
  const { base: begun, ...values } = kept;
  const base = begun ? { ...present, ...(JSON.parse(begun) as T) } : present;
  return {
    base,
    values: values as unknown as T,
    change: (change) => changeDraft({ ...change, base: JSON.stringify(base) } as Partial<T & { base: string }>),
    rebase: (now, change) => changeDraft({ ...change, base: JSON.stringify(now) } as Partial<T & { base: string }>),
    forget,
    isRestored,
  };
}

/** Where the tab keeps what somebody has typed into a form: a draft is its author's only. */
export function useDraftPlace(form: string): string {
  const { person, organization } = useSession();
  return `kaiten.draft:${organization.id}:${person.id}:${form}`;
}

function keptAt<T extends Texts<T>>(place: string, initial: T): Partial<T> {
  try {
    const read = JSON.parse(sessionStorage.getItem(place) ?? '{}') as Readonly<Record<string, string>>;
    const known = Object.entries(read).filter(
      ([key, value]) => Object.hasOwn(initial, key) && typeof value === 'string',
    );
    return Object.fromEntries(known) as Partial<T>;
  } catch {
    return {};
  }
}

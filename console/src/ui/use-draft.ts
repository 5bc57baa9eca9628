import { useCallback, useState } from 'react';
import { useSession } from '../api/session';

type Fields = Readonly<Record<string, string>>;

/**
 * What somebody has typed into a form, kept in this tab through a reload and a new sign-in of the same person. Not for secrets.
 *
 * @param initial what the form begins with. Only what differs is kept.
 * @returns the fields, how to change some, and how to forget them.
 */
export function useDraft<T extends { readonly [K in keyof T]: string }>(
  form: string,
  initial: T,
): [T, (change: Partial<T>) => void, () => void] {
  const { person, organization } = useSession();
  const place = `kaiten.draft:${organization.id}:${person.id}:${form}`;
  const [typed, setTyped] = useState<Partial<T>>(() => kept<T>(place, initial));
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
  return [{ ...initial, ...typed }, change, forget];
}

function kept<T extends { readonly [K in keyof T]: string }>(place: string, initial: T): Partial<T> {
  try {
    const read = JSON.parse(sessionStorage.getItem(place) ?? '{}') as Fields;
    const known = Object.entries(read).filter(
      ([key, value]) => Object.hasOwn(initial, key) && typeof value === 'string',
    );
    return Object.fromEntries(known) as Partial<T>;
  } catch {
    return {};
  }
}

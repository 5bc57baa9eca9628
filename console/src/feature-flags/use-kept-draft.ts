import { useCallback, useState } from 'react';
import { useDraftPlace } from '../ui/use-draft';

/**
 * A form's content that is more than texts, kept in this tab through a reload and a new sign-in of the same person.
 *
 * @param form has to be another one when the shape changes: what is kept is read as it is.
 */
export function useKeptDraft<T>(form: string): [T | undefined, (value: T | undefined) => void] {
  const place = useDraftPlace(form);
  const [value, setValue] = useState<T | undefined>(() => read<T>(place));
  const keep = useCallback(
    (next: T | undefined) => {
      if (next === undefined) sessionStorage.removeItem(place);
      else sessionStorage.setItem(place, JSON.stringify(next));
      setValue(next);
    },
    [place],
  );
  return [value, keep];
}

function read<T>(place: string): T | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(place) ?? 'null') as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

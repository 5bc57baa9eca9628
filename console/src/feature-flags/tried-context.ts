import { useSyncExternalStore } from 'react';
import { useSession } from '../api/session';

const FIRST = '{"targetingKey":"user-123"}';

/** Contexts may say whom they are of: they are in memory only, and only for who has typed them. */
const texts = new Map<string, string>();
const listeners = new Set<() => void>();

/** The context that was tried last, of any flag and rule. */
export function useTriedContext(): readonly [string, (text: string) => void] {
  const { person, organization } = useSession();
  const whose = `${organization.id}:${person.id}`;
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => texts.get(whose) ?? FIRST,
  );
  const change = (next: string): void => {
    texts.clear();
    texts.set(whose, next);
    for (const listener of listeners) listener();
  };
  return [text, change];
}

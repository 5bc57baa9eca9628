import { useCallback, useRef, useState } from 'react';

export interface Action<A extends readonly unknown[]> {
  readonly run: (...given: A) => Promise<void>;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Lets go of the error. */
  readonly clear: () => void;
}

/** Something that a person starts, once at a time. Nothing of its outcome is kept here, in difference to a mutation of the query client. */
export function useAction<A extends readonly unknown[], T>(
  work: (...given: A) => Promise<T>,
  onDone: (outcome: T) => void | Promise<void>,
): Action<A> {
  const [state, setState] = useState<{ readonly isPending: boolean; readonly error: unknown }>({
    isPending: false,
    error: undefined,
  });
  const isRunning = useRef(false);
  const clear = useCallback(() => setState((now) => ({ ...now, error: undefined })), []);
  const run = useCallback(
    async (...given: A): Promise<void> => {
      if (isRunning.current) return;
      isRunning.current = true;
      setState({ isPending: true, error: undefined });
      try {
        await onDone(await work(...given));
        setState({ isPending: false, error: undefined });
      } catch (error) {
        setState({ isPending: false, error });
      } finally {
        isRunning.current = false;
      }
    },
    [work, onDone],
  );
  return { run, clear, ...state };
}

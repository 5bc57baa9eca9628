import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FieldProblems } from './field-problems';
import { Clash, splitProblem } from './field-problems';

interface FormCourse<K extends string, T> {
  /** What the server would refuse, known without asking it. */
  readonly problems: FieldProblems<K>;
  readonly names: readonly K[];
  /** See `splitProblem`. */
  readonly codes?: Readonly<Record<string, readonly [K, string]>>;
  /** @param isForced over what somebody else has saved meanwhile. */
  readonly send: (isForced: boolean) => Promise<T>;
  readonly onSent: (sent: T) => Promise<void>;
}

/** The course of a form: nothing is sent that would be refused, and a refusal is shown at its field until something is changed. */
export function useForm<K extends string, T>({ problems, names, codes, send, onSent }: FormCourse<K, T>) {
  const [attempt, setAttempt] = useState(0);
  const sending = useMutation({
    mutationFn: send,
    onError: () => setAttempt((count) => count + 1),
    onSuccess: onSent,
  });
  const { error } = sending;
  const clash = error instanceof Clash ? error : undefined;
  const { at, rest } = splitProblem(clash ? undefined : error, names, codes);
  const onSubmit = (): void => {
    setAttempt((count) => count + 1);
    if (Object.values(problems).every((problem) => problem === undefined)) sending.mutate(false);
  };
  return {
    /** For `FormDialog`. */
    dialog: { isPending: sending.isPending, error: rest, attempt, onSubmit },
    problems: { ...(attempt > 0 && problems), ...at } as FieldProblems<K>,
    clash,
    force: () => sending.mutate(true),
    /** To be called when a field changes. */
    onChange: () => {
      if (error) sending.reset();
    },
  };
}

import { useEffect, useState } from 'react';
import { useAction } from '../api/use-action';
import type { Authored, FieldProblems, Saving } from './field-problems';
import { Clash, saveBeside, splitProblem } from './field-problems';
import type { Draft } from './use-draft';

interface FormCourse<K extends string, V> {
  readonly draft: Draft<V>;
  /** What the server would refuse, known without asking it. */
  readonly problems: FieldProblems<K>;
  readonly names: readonly K[];
  /** See `splitProblem`. */
  readonly codes?: Readonly<Record<string, readonly [K, string]>>;
}

interface Sending<T> {
  /** @param isForced over what somebody else has saved meanwhile. */
  readonly send: (isForced: boolean) => Promise<T>;
  /** Forgets the draft when nothing shows it any more. */
  readonly onSent: (sent: T) => Promise<void> | void;
}

/** The course of a form: nothing is sent that would be refused, and a refusal is shown at its field until something is changed. */
export function useForm<K extends string, V, T>(course: FormCourse<K, V> & Sending<T>) {
  const { draft, problems, names, codes, send, onSent } = course;
  const [attempt, setAttempt] = useState(0);
  const { run, isPending, error, clear } = useAction(send, onSent);
  useEffect(() => {
    if (error) setAttempt((count) => count + 1);
  }, [error]);
  const clash = error instanceof Clash ? error : undefined;
  const { at, rest } = splitProblem(clash ? undefined : error, names, codes);
  const onSubmit = (): void => {
    setAttempt((count) => count + 1);
    if (Object.values(problems).every((problem) => problem === undefined)) void run(false);
  };
  const change = (apply: () => void): void => {
    if (error) clear();
    apply();
  };
  return {
    /** For `FormDialog`. */
    dialog: {
      isPending,
      error: rest,
      attempt,
      onSubmit,
      isRestored: draft.isRestored,
      forget: draft.forget,
    },
    /** For its fields. */
    inputs: {
      values: draft.values,
      problems: { ...(attempt > 0 && problems), ...at } as FieldProblems<K>,
      onChange: (changed: Partial<V>) => change(() => draft.change(changed)),
    },
    clash,
    force: () => void run(true),
    /** Changes the draft in another way. */
    change,
  };
}

/** The same of a form with changes to what others may change as well: a `clash` is theirs and ours of the same field. */
export function useEditForm<K extends string, V, R extends Authored, F extends object, S>(
  course: FormCourse<K, V> & Pick<Sending<S>, 'onSent'> & Omit<Saving<R, F, S>, 'isForced'>,
) {
  const { base, mine, read, fieldsOf, write } = course;
  const form = useForm({
    ...course,
    send: (isForced) => saveBeside({ base, mine, isForced, read, fieldsOf, write }),
  });
  return { ...form, clash: form.clash as Clash<F> | undefined };
}

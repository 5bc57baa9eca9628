import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useRefusal } from '../api/use-refusal';
import type { FlagDraft } from './flag-draft';
import { draftOf, isSame, writtenOf } from './flag-draft';
import type { Problems } from './flag-places';
import type { Flag, Tagged } from './flags-api';
import { isChangedMeanwhile, readAgain, referenceOf, replaceFlag } from './flags-api';
import type { FlagForm } from './use-flag-form';
import { useFlagProblems } from './use-flag-form';
import { useKeptDraft } from './use-kept-draft';

/** What somebody has changed, and of what. */
interface Kept {
  readonly base: Flag;
  readonly etag: string;
  readonly mine: FlagDraft;
}

export interface FlagEdit {
  readonly form: FlagForm;
  readonly problems: Problems;
  /** As it was when the changes began. */
  readonly base: FlagDraft;
  /** What somebody else has saved since, where it is about more than the switch. */
  readonly theirs: Tagged | undefined;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  /** What of a refusal no field shows. */
  readonly rest: unknown;
  /** Counts refusals. */
  readonly attempts: number;
  readonly save: () => void;
  /** Saves over what is there now. @param resolved of two versions. */
  readonly resolve: (resolved: FlagDraft, present: Tagged) => void;
  readonly discard: () => void;
}

interface Sending {
  readonly draft: FlagDraft;
  readonly enabled: boolean;
  readonly etag: string;
  /** Whether what is there is still the same but for the switch: then nobody's change is lost. */
  readonly base: FlagDraft;
}

interface Events {
  readonly onSaved: (reference: string, name: string) => Promise<void>;
  /** Somebody else was faster. */
  readonly onChanged: () => void;
}

/** Changes of a flag over all of its pages, kept in the tab until they are saved or dropped. */
export function useFlagEdit(reference: string, present: Tagged, { onSaved, onChanged }: Events): FlagEdit {
  const queries = useQueryClient();
  const refusal = useRefusal('write:feature_flags');
  const saved = useMemo(() => draftOf(present.flag), [present.flag]);
  const [kept, keep] = useKeptDraft<Kept>(`flag-1:${present.flag.id}`);
  const begun = useMemo(() => (kept ? draftOf(kept.base) : saved), [kept, saved]);
  // Only the switch is different, which has a dialog of its own: then what is edited is what is there now.
  const isOther = kept !== undefined && kept.etag !== present.etag && !isSame(begun, saved);
  const base = isOther ? begun : saved;
  const draft = kept?.mine ?? saved;
  const isDirty = kept !== undefined && !isSame(kept.mine, base);
  const theirs = isOther && isDirty ? present : undefined;
  const { problems, attempt, refuse, reset } = useFlagProblems(draft);
  const [attempts, setAttempts] = useState(0);
  const [rest, setRest] = useState<unknown>();

  const save = useMutation({
    mutationFn: async (sent: Sending) => {
      const written = writtenOf(sent.draft);
      const { id } = present.flag;
      try {
        await replaceFlag(id, { ...written, enabled: sent.enabled }, sent.etag);
      } catch (error) {
        if (!isChangedMeanwhile(error)) throw error;
        const now = await readAgain(queries, reference);
        if (!isSame(draftOf(now.flag), sent.base)) throw error;
        await replaceFlag(id, { ...written, enabled: now.flag.enabled }, now.etag);
      }
      const slug = written.slug ?? present.flag.slug;
      const to = slug === present.flag.slug ? reference : referenceOf({ id, slug });
      await readAgain(queries, to);
      return { to, name: written.name };
    },
    onError: (error, { draft: sent }) => {
      if (isChangedMeanwhile(error)) return onChanged();
      setRest(refuse(error, sent));
      setAttempts((count) => count + 1);
      return undefined;
    },
    onSuccess: async ({ to, name }) => {
      keep(undefined);
      reset();
      void queries.invalidateQueries({ queryKey: ['flags', 'list'] });
      await onSaved(to, name);
    },
  });

  const send = (sending: Sending): void => {
    setRest(undefined);
    save.mutate(sending);
  };
  const form: FlagForm = {
    draft,
    change: (change) => {
      const from = isOther ? kept! : { base: present.flag, etag: present.etag };
      keep({ base: from.base, etag: from.etag, mine: change(draft) });
    },
    problemAt: (place) => problems.get(place),
    problems,
    refusal,
    isNew: false,
  };
  return {
    form,
    problems,
    base,
    theirs,
    isDirty,
    isSaving: save.isPending,
    rest,
    attempts,
    save: () => {
      setRest(undefined);
      if (!attempt()) return setAttempts((count) => count + 1);
      if (theirs) return onChanged();
      return send({ draft, enabled: present.flag.enabled, etag: present.etag, base });
    },
    resolve: (resolved, now) => {
      keep({ base: now.flag, etag: now.etag, mine: resolved });
      send({ draft: resolved, enabled: now.flag.enabled, etag: now.etag, base: draftOf(now.flag) });
    },
    discard: useCallback(() => {
      keep(undefined);
      reset();
      setRest(undefined);
    }, [keep, reset]),
  };
}

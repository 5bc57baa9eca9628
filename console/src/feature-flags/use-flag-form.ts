import { useCallback, useMemo, useState } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n/i18n';
import type { FlagDraft, StrategyDraft } from './flag-draft';
import { flagProblems } from './flag-problems';
import type { Place, Problems } from './flag-places';
import { partAt, placed } from './flag-places';

/** What the parts of the form are given. */
export interface FlagForm {
  readonly draft: FlagDraft;
  readonly change: (change: (draft: FlagDraft) => FlagDraft) => void;
  /** What is wrong at a place. */
  readonly problemAt: (place: Place) => string | undefined;
  readonly problems: Problems;
  /** Why it may only be looked at. */
  readonly refusal: string | undefined;
  readonly isNew: boolean;
}

/** What the fields of a strategy are given. */
export interface StrategyFieldsProps {
  readonly form: FlagForm;
  /** `default`, or `targetings/KEY`. */
  readonly at: string;
  readonly strategy: StrategyDraft;
  readonly onChange: (change: Partial<StrategyDraft>) => void;
}

interface Refused {
  readonly at: Problems;
  /** What was sent: what has changed since is not wrong any more, as far as anybody knows. */
  readonly sent: FlagDraft;
}

/** Problems of a form: those that are known here once it was tried to save it, and those that the server has said. */
export function useFlagProblems(draft: FlagDraft) {
  const { t } = useI18n();
  const [isTried, setTried] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const local = useMemo(() => flagProblems(t, draft), [t, draft]);
  const problems = useMemo((): Problems => {
    const said = [...(refused?.at ?? [])].filter(([place]) => partAt(refused!.sent, place) === partAt(draft, place));
    return new Map([...said, ...(isTried ? local : [])]);
  }, [draft, isTried, local, refused]);
  /** @returns whether it may be sent. */
  const attempt = useCallback((): boolean => {
    setTried(true);
    setRefused(undefined);
    return local.size === 0;
  }, [local]);
  /** @returns what of an error no field shows. */
  const refuse = useCallback(
    (error: unknown, sent: FlagDraft): unknown => {
      if (!(error instanceof ApiError)) return error;
      if (error.status === 409 && error.code.endsWith('SlugTaken')) {
        setRefused({ at: new Map([['slug', t('flags.slug.taken')]]), sent });
        return undefined;
      }
      const { at, rest } = placed(error.errors, sent);
      setRefused({ at, sent });
      return at.size > 0 && rest.length === 0 ? undefined : error;
    },
    [t],
  );
  const reset = useCallback(() => {
    setTried(false);
    setRefused(undefined);
  }, []);
  return { problems, attempt, refuse, reset };
}

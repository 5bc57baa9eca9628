import type { Language, Translate } from '../i18n/i18n';
import type { FlagDraft, VariantDraft } from './flag-draft';
import { draftWords } from './flag-words';

/** A part of the flag of which there are two versions. */
export interface Difference {
  /** `name`, `variants/KEY`, `fallback`, `targetings`. */
  readonly part: string;
  readonly mine: string;
  readonly theirs: string;
  /** Who changed it since both began with the same. */
  readonly by: 'me' | 'them' | 'both';
  /** Of a variant. */
  readonly name?: string;
}

export type Side = 'mine' | 'theirs';
export type Choices = Readonly<Record<string, Side>>;

const PLAIN = ['name', 'slug', 'description', 'eventName', 'metadata'] as const;

/** All parts that differ between what somebody has typed and what is saved now, as texts. */
export function differences(
  t: Translate,
  language: Language,
  versions: { readonly base: FlagDraft; readonly mine: FlagDraft; readonly theirs: FlagDraft },
): Difference[] {
  const { base, mine, theirs } = versions;
  const found: Difference[] = [];
  const note = (part: string, of: (draft: FlagDraft) => string, name?: string): void => {
    const [before, one, other] = [of(base), of(mine), of(theirs)];
    if (one === other) return;
    const by = one === before ? 'them' : other === before ? 'me' : 'both';
    found.push({ part, mine: one, theirs: other, by, name });
  };
  for (const field of PLAIN) note(field, (draft) => draft[field]);
  const keys = new Set([...theirs.variants, ...mine.variants].map(({ key }) => key));
  for (const key of keys) {
    const find = ({ variants }: FlagDraft): VariantDraft | undefined => variants.find((variant) => variant.key === key);
    const text = (draft: FlagDraft): string => {
      const variant = find(draft);
      if (!variant) return '';
      return [`${variant.name} = ${variant.value}`, variant.description].filter(Boolean).join('\n');
    };
    note(`variants/${key}`, text, find(theirs)?.name ?? find(mine)?.name);
  }
  const words = ({ fallback, variants }: FlagDraft): string => draftWords(t, language, fallback, variants);
  note('fallback', words);
  note('targetings', ({ targetings, variants }) =>
    targetings
      .map(
        ({ name, rule, strategy }, index) =>
          `${index + 1}. ${name}\n   ${rule.replaceAll('\n', '\n   ')}\n   → ${draftWords(t, language, strategy, variants)}`,
      )
      .join('\n'),
  );
  return found;
}

/** Theirs, with what was chosen of mine. */
export function resolved(mine: FlagDraft, theirs: FlagDraft, choices: Choices): FlagDraft {
  const isMine = (part: string): boolean => choices[part] === 'mine';
  const plain = Object.fromEntries(PLAIN.filter(isMine).map((field) => [field, mine[field]]));
  const keys = [...new Set([...theirs.variants, ...mine.variants].map(({ key }) => key))];
  const stored = new Set(theirs.variants.map(({ key }) => key));
  const variants = keys.flatMap((key): VariantDraft[] => {
    const from = isMine(`variants/${key}`) ? mine : choices[`variants/${key}`] ? theirs : undefined;
    const variant = (from ?? theirs).variants.find((one) => one.key === key);
    // What they have deleted has no id any more.
    return variant ? [{ ...variant, isNew: !stored.has(key) }] : [];
  });
  return {
    ...theirs,
    ...plain,
    variants,
    fallback: isMine('fallback') ? mine.fallback : theirs.fallback,
    targetings: isMine('targetings') ? mine.targetings : theirs.targetings,
  };
}

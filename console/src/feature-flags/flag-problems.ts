import { checkJson } from '../editors/json-check';
import type { Translate } from '../i18n/i18n';
import { lineProblem, SLUG } from '../ui/field-problems';
import { isolated } from '../ui/name';
import type { FlagDraft, StepDraft, StrategyDraft, VariantDraft } from './flag-draft';
import { valueOf } from './flag-draft';
import type { Place, Problems } from './flag-places';
import { shareProblem, sumOf } from './flag-shares';

const LONGEST = 10_000;

/** What the server would refuse, said at once and in the reader's language. Rules are the server's to judge. */
export function flagProblems(t: Translate, draft: FlagDraft): Problems {
  const found = new Map<Place, string>();
  const note = (place: Place, problem: string | undefined): void => void (problem && found.set(place, problem));
  const text = (value: string): string | undefined => {
    const count = [...value].length;
    return count > LONGEST ? t('form.tooLong', { max: LONGEST, count }) : undefined;
  };
  const { slug } = draft;
  note('name', lineProblem(t, draft.name, 255, true));
  note('slug', slug.trim() === '' || SLUG.test(slug.trim()) ? undefined : t('customers.slug.form'));
  note('description', text(draft.description));
  note('eventName', draft.eventName.trim() === '' ? undefined : lineProblem(t, draft.eventName, 255));
  note('metadata', jsonProblem(t, draft.metadata));
  note('variants', draft.variants.length === 0 ? t('flags.variants.none') : undefined);

  for (const { key, name, description, value } of draft.variants) {
    note(`variants/${key}/name`, nameProblem(t, name, draft.variants));
    note(`variants/${key}/description`, text(description));
    note(`variants/${key}/value`, valueProblem(t, draft, value));
  }
  strategyProblems(t, draft.fallback, draft.variants, (part, problem) => note(`default/${part}`, problem));
  for (const { key, name, rule, strategy } of draft.targetings) {
    note(`targetings/${key}/name`, nameProblem(t, name, draft.targetings));
    note(`targetings/${key}/rule`, rule.trim() === '' ? t('form.required') : text(rule));
    strategyProblems(t, strategy, draft.variants, (part, problem) => note(`targetings/${key}/${part}`, problem));
  }
  return found;
}

function nameProblem(t: Translate, name: string, among: readonly { readonly name: string }[]): string | undefined {
  const isTwice = among.filter((other) => other.name.trim() === name.trim()).length > 1;
  return lineProblem(t, name, 255, true) ?? (isTwice ? t('flags.name.twice') : undefined);
}

function jsonProblem(t: Translate, text: string): string | undefined {
  const checked = checkJson(text);
  if (!('fault' in checked)) return undefined;
  const { line, column, message, key } = checked.fault;
  return t('editor.where', { line, column, message: t(message, { key: isolated(key), size: '> 64 KiB' }) });
}

function valueProblem(t: Translate, { type }: FlagDraft, value: string): string | undefined {
  if (type === 'object') return jsonProblem(t, value);
  return valueOf(type, value) === undefined ? t(`flags.value.not.${type}`) : undefined;
}

type Note = (part: string, problem: string | undefined) => void;

function strategyProblems(
  t: Translate,
  { kind, variant, shares, start, end }: StrategyDraft,
  variants: readonly VariantDraft[],
  note: Note,
): void {
  const keys = variants.map(({ key }) => key);
  const choose = (key: string): string | undefined => (keys.includes(key) ? undefined : t('flags.variant.choose'));
  if (kind === 'basic') return note('variant', choose(variant));
  if (kind === 'rollout_percentage') {
    const wrong = keys.filter((key) => shareProblem(shares.unit, shares.of[key] ?? '') !== undefined);
    for (const key of wrong) note(`shares/${key}`, t(`flags.share.not.${shares.unit}`));
    const sum = sumOf(shares, keys);
    if (wrong.length > 0) return undefined;
    if (shares.unit === 'percent' && sum !== 100) note('shares', t('flags.share.sum', { sum }));
    if (shares.unit === 'weight' && sum === 0) note('shares', t('flags.share.none'));
    return undefined;
  }
  const judge = (name: 'start' | 'end', step: StepDraft): void => {
    note(`${name}/variant`, choose(step.variant));
    const isShare = /^\d{1,3}$/.test(step.percentage.trim()) && Number(step.percentage) <= 100;
    note(`${name}/percentage`, isShare ? undefined : t('flags.step.percentage.not'));
    note(`${name}/date`, step.date === '' ? t('flags.step.date.not') : undefined);
  };
  judge('start', start);
  judge('end', end);
  if (start.date && end.date && end.date < start.date) note('end/date', t('flags.step.date.inverted'));
  return undefined;
}

import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useI18n } from '../i18n/i18n';
import type { Translate } from '../i18n/i18n';
import { isolated } from '../ui/name';
import type { FlagDraft } from './flag-draft';
import type { Place, Problems } from './flag-places';
import { ProblemNote } from '../ui/problem';

interface ProblemSummaryProps {
  readonly draft: FlagDraft;
  readonly problems: Problems;
  /** What of a refusal no field shows, or what kept the server from being asked. */
  readonly rest: unknown;
  /** Changes with each refusal, which brings the summary into focus. */
  readonly attempt: number;
  readonly onGo: (place: Place) => void;
}

/** All that is wrong with what was to be saved, each a way to its field, and what else kept it from being saved. */
export function ProblemSummary({ draft, problems, rest, attempt, onGo }: ProblemSummaryProps): ReactNode {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef(attempt);
  useEffect(() => {
    // Not when it is only shown again: somebody may be typing.
    if (attempt === seen.current) return;
    seen.current = attempt;
    box.current?.focus();
  }, [attempt]);
  if (problems.size === 0 && !rest) return null;
  return (
    <div ref={box} className="stack flag-refusal" tabIndex={-1}>
      {problems.size > 0 && (
        <div className="problem" role="alert">
          <div>
            <strong>{t('flags.problems', { count: problems.size })}</strong>
            <ul className="flag-problems">
              {[...problems].map(([place, problem]) => (
                <li key={place}>
                  <button type="button" className="flag-problem" onClick={() => onGo(place)}>
                    {placeText(t, draft, place)}
                  </button>
                  <span>: {problem}</span>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {Boolean(rest) && <ProblemNote error={rest} />}
    </div>
  );
}

/** A place in words. */
function placeText(t: Translate, draft: FlagDraft, place: Place): string {
  const [head = '', key = '', ...rest] = place.split('/');
  if (head === 'default') return join(t('flags.default'), partText(t, draft, [key, ...rest]));
  if (key === '') return fieldText(t, head);
  const list = draft[head as 'variants' | 'targetings'];
  const index = list.findIndex((part) => part.key === key);
  const word = head === 'variants' ? 'flags.at.variant' : 'flags.at.targeting';
  return join(t(word, { position: index + 1, name: isolated(list[index]?.name, '…') }), partText(t, draft, rest));
}

const join = (...parts: readonly string[]): string => parts.join(' · ');

function fieldText(t: Translate, field: string): string {
  switch (field) {
    case 'slug':
      return t('field.slug');
    case 'description':
      return t('instances.description');
    case 'eventName':
      return t('flags.event');
    case 'metadata':
      return t('metadata.title');
    case 'type':
      return t('flags.type');
    case 'variants':
      return t('flags.variants');
    case 'targetings':
      return t('flags.targetings');
    default:
      return t('field.name');
  }
}

function partText(t: Translate, draft: FlagDraft, [part = '', below]: readonly string[]): string {
  switch (part) {
    case 'name':
      return t('field.name');
    case 'description':
      return t('instances.description');
    case 'value':
      return t('flags.value');
    case 'rule':
      return t('flags.rule');
    case 'shares': {
      const variant = draft.variants.find(({ key }) => key === below);
      return variant ? join(t('flags.shares'), isolated(variant.name, '…')) : t('flags.shares');
    }
    case 'start':
    case 'end':
      return join(
        t(`flags.step.${part}`),
        below === 'variant'
          ? t('flags.variant')
          : t(below === 'percentage' ? 'flags.step.percentage' : 'flags.step.date'),
      );
    default:
      return t('flags.variant');
  }
}

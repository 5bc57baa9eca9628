import type { ReactNode } from 'react';
import { useId } from 'react';
import type { MessageKey } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { isolated } from '../ui/name';
import type { Difference, Side } from './compare';

const TITLES: Readonly<Record<string, MessageKey>> = {
  name: 'field.name',
  slug: 'field.slug',
  description: 'instances.description',
  eventName: 'flags.event',
  metadata: 'metadata.title',
  fallback: 'flags.default',
  targetings: 'flags.targetings',
};

const KINDS = { me: 'accent', them: 'accent', both: 'warn' } as const;

interface CompareRowProps {
  readonly difference: Difference;
  readonly choice: Side | undefined;
  readonly onChoose: (side: Side) => void;
}

/** Two versions of a part, one of which is chosen. */
export function CompareRow({ difference, choice, onChoose }: CompareRowProps): ReactNode {
  const { t } = useI18n();
  const id = useId();
  const { part, by, name } = difference;
  const title = TITLES[part];
  return (
    <fieldset className="compare-row">
      <legend>
        <strong>{title ? t(title) : t('flags.compare.variant', { name: isolated(name) })}</strong>{' '}
        <Badge kind={KINDS[by]}>{t(`flags.compare.by.${by}`)}</Badge>
      </legend>
      <div className="compare-sides">
        {(['theirs', 'mine'] as const).map((side) => (
          <label key={side} className="compare-side">
            <span className="compare-choice">
              <input
                type="radio"
                name={id}
                checked={choice === side}
                onChange={() => onChoose(side)}
                aria-label={t(`flags.compare.side.${side}`)}
              />
              {t(`flags.compare.side.${side}`)}
            </span>
            <Lines text={difference[side]} other={difference[side === 'mine' ? 'theirs' : 'mine']} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The text, with the lines marked that the other version has not. */
function Lines({ text, other }: { text: string; other: string }): ReactNode {
  const { t } = useI18n();
  if (text === '') return <span className="soft">{t('flags.compare.absent')}</span>;
  const there = new Set(other.split('\n'));
  return (
    <span className="compare-text" dir="auto">
      {text.split('\n').map((line, index) => (
        <span key={index}>{there.has(line) ? line : <mark>{line}</mark>}</span>
      ))}
    </span>
  );
}

import type { ReactNode } from 'react';
import './name.css';

interface NameProps {
  readonly text: string;
  /** What is shown of something whose name has nothing that can be seen: its slug. */
  readonly instead?: string;
  /** As many lines as there is room for; pointing at it or focusing its link shows the rest. */
  readonly lines?: 1 | 2;
}

/** A text that people chose, whatever is in it: isolated from the direction of what is around it, and never invisible. */
export function Name({ text, instead, lines }: NameProps): ReactNode {
  const shown = visibleName(text, instead);
  return (
    <bdi
      className={lines ? `name name-${lines}` : 'name'}
      data-tip={lines ? shown : undefined}
      data-tip-if={lines && 'cut'}
    >
      {shown}
    </bdi>
  );
}

export const visibleName = (text = '', instead = '—'): string =>
  /[^\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text) ? text : instead;

/** For a sentence: its direction does not spill over. */
export const isolated = (text: string | undefined, instead?: string): string =>
  `\u2068${visibleName(text, instead)}\u2069`;

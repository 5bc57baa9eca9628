import type { ReactNode } from 'react';
import './name.css';

/**
 * A text that people chose, whatever is in it: isolated from the direction of what is around it, and never invisible.
 *
 * @param instead what is shown of something whose name has nothing that can be seen: its slug.
 */
export function Name({ text, instead, lines }: { text: string; instead?: string; lines?: 1 | 2 }): ReactNode {
  const shown = visibleName(text, instead);
  return (
    <bdi className={lines ? `name name-${lines}` : 'name'} title={lines ? shown : undefined}>
      {shown}
    </bdi>
  );
}

export const visibleName = (text: string, instead = '—'): string =>
  /[^\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text) ? text : instead;

/** For a sentence: its direction does not spill over. */
export const isolated = (text: string, instead?: string): string => `\u2068${visibleName(text, instead)}\u2069`;

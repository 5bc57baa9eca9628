import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import './narrowing.css';

export interface Narrow {
  readonly id: string;
  readonly text: string;
  /** Rows that are in it; undefined while that is not known. */
  readonly count: number | undefined;
  /** What the address says of it. */
  readonly search: Readonly<Record<string, string | undefined>>;
}

/** What a list can be narrowed to, with how much there is of each, as links. */
export function Narrowing({ label, choices }: { label: string; choices: readonly Narrow[] }): ReactNode {
  const { language } = useI18n();
  return (
    <ul className="narrowing" aria-label={label}>
      {choices.map(({ id, text, count, search }) => (
        <li key={id}>
          <Link
            to="."
            search={((now: object) => ({ ...now, ...search, cursor: undefined, page: undefined })) as never}
            replace
            resetScroll={false}
            activeOptions={{ explicitUndefined: true }}
          >
            {text} <span>{count === undefined ? '–' : count.toLocaleString(language)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

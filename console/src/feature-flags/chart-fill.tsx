import type { ReactNode } from 'react';
import type { Shown } from './evaluations-query';

const colourOf = ({ kind }: Shown, index: number): string =>
  kind === 'failed' ? 'var(--danger)' : kind === 'others' ? 'var(--text-soft)' : `var(--chart-${index + 1})`;

/** What is cut out of the colour, so that eyes that do not tell colours apart tell these: in a square of 8. */
const CUTS = [
  undefined,
  'M-2 2 2 -2M0 8 8 0M6 10 10 6',
  'M0 2h8M0 6h8',
  'M-2 6 2 10M0 0 8 8M6 -2 10 2',
  'M2 0v8M6 0v8',
  'M1 1h2v2H1zM5 5h2v2H5z',
  'M0 4h8M4 0v8',
];

interface FillProps {
  readonly id: string;
  readonly shown: Shown;
  readonly index: number;
}

/** A pattern for `fill`, by the place of what is shown. */
export function ChartFill({ id, shown, index }: FillProps): ReactNode {
  const cut =
    shown.kind === 'failed' ? 'M0 0 8 8M8 0 0 8' : shown.kind === 'others' ? undefined : CUTS[index % CUTS.length];
  return (
    <pattern id={id} width="8" height="8" patternUnits="userSpaceOnUse">
      <rect width="8" height="8" fill={colourOf(shown, index)} />
      {cut && <path d={cut} fill="none" stroke="var(--surface)" strokeWidth="1.6" />}
    </pattern>
  );
}

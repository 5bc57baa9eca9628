import type { ReactNode } from 'react';

/** Drawn by hand on a grid of 20, in the colour of the text beside them. */
const PATHS = {
  home: 'M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-3.5v-4.5h-5V17H4a1 1 0 0 1-1-1z',
  customers: 'M4 17V5l6-2v14M10 8h6v9M2.5 17h15M7 7v.5M7 10v.5M7 13v.5M13 11v.5M13 14v.5',
  instances: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.5M6 13.5h.5',
  flags: 'M5 17V3M5 4h9l-2 3.5L14 11H5',
  key: 'M12.5 7.5a4 4 0 1 0-3 3.9L11 13h2v2h2v2h2v-2.5l-4.9-4.9c.3-.6.4-1.3.4-2.1zM7 7h.5',
  menu: 'M3 6h14M3 10h14M3 14h14',
  close: 'M5 5l10 10M15 5 5 15',
  copy: 'M7 7V4h9v9h-3M4 7h9v9H4z',
  check: 'm4 10.5 4 4 8-9',
  chevron: 'm6 8 4 4 4-4',
  search: 'M9 14A5 5 0 1 0 9 4a5 5 0 0 0 0 10zM13 13l4 4',
  plus: 'M10 4v12M4 10h12',
  person: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.5-3.5 3-5 6-5s5.5 1.5 6 5',
  warning: 'M10 3 2.5 16.5h15zM10 8v4M10 14v.5',
  grip: 'M8 5h.5M8 10h.5M8 15h.5M12 5h.5M12 10h.5M12 15h.5',
  more: 'M4.5 10h.5M10 10h.5M15.5 10h.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

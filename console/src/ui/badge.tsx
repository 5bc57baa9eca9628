import type { ReactNode } from 'react';
import './badge.css';

export function Badge({
  kind = 'plain',
  children,
}: {
  kind?: 'plain' | 'good' | 'warn' | 'bad' | 'accent';
  children: ReactNode;
}): ReactNode {
  return <span className={`badge badge-${kind}`}>{children}</span>;
}

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from './icon';
import './trail.css';

/** Back to the list that a page belongs to. */
export function Trail({ to, text }: { to: '/customers' | '/instances' | '/feature-flags'; text: string }): ReactNode {
  return (
    <Link to={to as string} className="trail-back small">
      <Icon name="chevron" size={14} />
      {text}
    </Link>
  );
}

import type { ReactNode } from 'react';
import './facts.css';

/** What is known of something, by name. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value || <span className="soft">—</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

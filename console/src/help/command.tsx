import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button';
import './command.css';

/** Something for a shell, to be read and copied. */
export function Command({ text, label }: { text: string; label: string }): ReactNode {
  return (
    <div className="command">
      <pre>{text}</pre>
      <CopyButton small text={text} label={label} />
    </div>
  );
}

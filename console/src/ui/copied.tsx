import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';
import './copied.css';

/** A text for programs, and a button that copies it. */
export function Copied({ text, label }: { text: string; label: string }): ReactNode {
  return (
    <span className="copied">
      <code>{text}</code>
      <CopyButton small kind="quiet" text={text} label={label} />
    </span>
  );
}

import type { ReactNode } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';
import './tip.css';

/** Says more of a button when it is pointed at or focused. */
export function Tip({ text, children }: { text: string; children: ReactNode }): ReactNode {
  return (
    <TooltipTrigger delay={300}>
      {children}
      <Tooltip className="tip" offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

import type { ReactNode } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';
import './tip.css';

/** Says more of a button when it is pointed at or focused. */
export function Tip({ text, children }: { text: string; children: ReactNode }): ReactNode {
  return (
    <TooltipTrigger delay={300}>
      {children}
      <Tooltip className="tip" offset={6} UNSTABLE_portalContainer={landmark()}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** Where a tip is put: outside of every landmark, those who go from one to the next would miss it. */
const landmark = (): Element | undefined =>
  document.querySelector('[role="dialog"], [role="alertdialog"]') ?? document.getElementById('content') ?? undefined;

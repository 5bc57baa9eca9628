import type { LinkProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The link of a table's row: all of the row leads where it does, apart from the buttons in it. */
export function RowLink({ children, ...props }: LinkProps & { children: ReactNode }): ReactNode {
  return (
    <Link {...props} className="row-link" dir="auto">
      {children}
    </Link>
  );
}

import type { ReactNode } from 'react';
import { useEffect } from 'react';
import './page.css';

interface PageProps {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  /** Above the title: where this is. */
  readonly above?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, intro, actions, above, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Kaiten`;
  }, [title]);
  return (
    <div className="page">
      {above}
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {intro && <p className="soft page-intro">{intro}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card({
  title,
  actions,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <section className="card">
      {(title || actions) && (
        <header className="card-head">
          <h2>{title}</h2>
          {actions && <div className="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p className="soft">{children}</p>}
      {action}
    </div>
  );
}

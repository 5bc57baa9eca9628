import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MessageKey } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { ProblemNote } from '../ui/problem';
import { accountsTotal, customersTotal, flagsTotal, instancesTotal } from './home-queries';
import './home.css';

const NUMBERS = [
  { text: 'home.customers', query: customersTotal, to: '/customers' },
  { text: 'home.instances', query: instancesTotal, to: '/instances' },
  { text: 'home.flags', query: flagsTotal, to: '/feature-flags' },
  { text: 'home.serviceAccounts', query: accountsTotal, to: '/integrations/service-accounts' },
] as const;

/** How much of everything there is, as the server counts it. */
export function Numbers(): ReactNode {
  const { t } = useI18n();
  return (
    <section aria-label={t('home.numbers')}>
      <ul className="numbers">
        {NUMBERS.map((number) => (
          <li key={number.text}>
            <Figure {...number} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface FigureProps {
  readonly text: MessageKey;
  readonly query: typeof customersTotal;
  readonly to: string | undefined;
}

function Figure({ text, query, to }: FigureProps): ReactNode {
  const { t, language } = useI18n();
  const { data, error, refetch } = useQuery(query);
  if (error && !data) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  const count = data?.total.toLocaleString(language);
  const content = (
    <>
      <span className="soft">{t(text)}</span>
      <strong>
        {count === undefined ? (
          <span className="number-bone" aria-label={t('app.loading')} role="img" />
        ) : data?.totalIsLowerBound ? (
          t('home.moreThan', { count })
        ) : (
          count
        )}
      </strong>
    </>
  );
  return to ? (
    <Link to={to} className="number">
      {content}
    </Link>
  ) : (
    <div className="number">{content}</div>
  );
}

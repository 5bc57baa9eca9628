import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../api/session';
import { curlOf, evaluationOf } from '../help/api-path';
import { Command } from '../help/command';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Card } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { accountsTotal, firstCallQuery, firstFlagQuery, tokensTotal } from './home-queries';
import './home.css';

/** From nothing to an application that calls the API. What is done is read from the data, and nowhere remembered. */
export function FirstSteps(): ReactNode {
  const { t } = useI18n();
  const { apiUrl } = useSession();
  const accounts = useQuery(accountsTotal);
  const tokens = useQuery(tokensTotal);
  const call = useQuery(firstCallQuery);
  const flag = useQuery(firstFlagQuery);
  const all = [accounts, tokens, call, flag];
  const retry = (): void => void Promise.all(all.map((one) => one.refetch()));
  const error = all.find((one) => one.error && !one.data)?.error;
  if (error) return <ProblemNote error={error} onRetry={retry} />;
  if (!accounts.data || !tokens.data || call.data === undefined || !flag.data) {
    return <Skeleton lines={4} height={72} />;
  }
  const hasAccount = accounts.data.total > 0;
  const hasToken = tokens.data.total > 0;
  const { slug, isEvaluated } = flag.data;
  const check = (
    <Button small isPending={all.some((one) => one.isFetching)} onPress={retry}>
      {t('home.step.check')}
    </Button>
  );
  return (
    <Card title={t('home.steps')}>
      {hasAccount && hasToken && call.data && isEvaluated && <p className="soft steps-done">{t('home.steps.done')}</p>}
      <ol className="steps">
        <Step isDone={hasAccount} title={t('home.step.account')} text={t('home.step.account.text')}>
          <Link className="button" to={'/integrations/service-accounts/new' as never}>
            {t('home.step.account.do')}
          </Link>
        </Step>
        <Step isDone={hasToken} title={t('home.step.token')} text={t('home.step.token.text')}>
          <Link className="button" to="/integrations/service-accounts">
            {t('home.step.token.do')}
          </Link>
        </Step>
        <Step isDone={call.data} title={t('home.step.call')} text={t('home.step.call.text')}>
          <Command text={curlOf({ method: 'GET', path: '/me' }, apiUrl)} label={t('home.curl')} />
          {check}
        </Step>
        <Step
          isDone={isEvaluated}
          title={t('home.step.flag')}
          text={t(slug ? 'home.step.flag.text' : 'home.step.flag.none')}
        >
          {slug ? (
            <>
              <Command text={curlOf(evaluationOf(slug), apiUrl)} label={t('home.curl')} />
              {check}
            </>
          ) : (
            <Link className="button" to={'/feature-flags/new' as never}>
              {t('flags.new')}
            </Link>
          )}
        </Step>
      </ol>
    </Card>
  );
}

interface StepProps {
  readonly isDone: boolean;
  readonly title: string;
  readonly text: string;
  /** How to do it. */
  readonly children: ReactNode;
}

function Step({ isDone, title, text, children }: StepProps): ReactNode {
  const { t } = useI18n();
  return (
    <li className={isDone ? 'step step-done' : 'step'}>
      <span className="step-mark" role="img" aria-label={t(isDone ? 'home.step.isDone' : 'home.step.isOpen')}>
        {isDone && <Icon name="check" size={14} />}
      </span>
      <div className="step-body">
        <h3>{title}</h3>
        {!isDone && (
          <>
            <p className="soft">{text}</p>
            {children}
          </>
        )}
      </div>
    </li>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { api, ApiError, body } from '../api/client';
import { sessionQuery } from '../api/session';
import { useI18n } from '../i18n/i18n';
import { ProblemNote } from '../ui/problem';
import './sign-in.css';

const COMMAND = 'npm run -s kaiten -- sign-in-link --organization <slug>';

/** Takes the secret out of the address before anything else can see it there, and exchanges it for a session. */
export function SignInPage(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { next } = useRouterState({ select: (state) => state.location.search as { next?: string } });
  const [secret] = useState(takeSecret);
  const exchange = useMutation({
    mutationFn: (value: string) => body(api.POST('/session', { body: { secret: value } })),
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery(sessionQuery);
      await navigate({ to: isOwnPath(next) ? next : '/', replace: true });
    },
  });
  const { mutate } = exchange;
  useEffect(() => {
    document.title = `${t('signIn.title')} · Kaiten`;
    if (secret) mutate(secret);
  }, [mutate, secret, t]);
  const { error } = exchange;
  const isRefused = error instanceof ApiError && error.status === 401;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>{isRefused ? t('signIn.failed') : t('signIn.title')}</h1>
        {exchange.isPending ? (
          <p role="status">{t('signIn.working')}</p>
        ) : (
          <>
            <p>{isRefused ? t('signIn.failed.text') : t('signIn.needed')}</p>
            <pre className="sign-in-command">{COMMAND}</pre>
          </>
        )}
        {error && !isRefused && <ProblemNote error={error} onRetry={() => secret && mutate(secret)} />}
      </div>
    </main>
  );
}

function takeSecret(): string | undefined {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(history.state, '', location.pathname + location.search);
  return secret || undefined;
}

/** Never another site's. */
function isOwnPath(next: string | undefined): next is string {
  return next !== undefined && /^\/(?![/\\])/.test(next);
}

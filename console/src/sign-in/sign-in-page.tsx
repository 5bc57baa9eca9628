import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useRef } from 'react';
import { api, ApiError, body } from '../api/client';
import { sessionQuery } from '../api/session';
import { useAction } from '../api/use-action';
import type { MessageKey } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { ProblemNote } from '../ui/problem';
import { takeSecret } from './link-secret';
import { takePlace } from './place';
import './sign-in.css';

const COMMAND = 'npm run -s kaiten -- sign-in-link --organization <slug>';

/** Tells the other tabs that somebody has signed in. */
const CHANNEL = 'kaiten.sign-in';

/** Exchanges the secret of a sign-in link for a session, or says how to get a link. */
export function SignInPage(): ReactNode {
  const { t } = useI18n();
  const { ended } = useSearch({ strict: false }) as { ended?: string };
  const enter = useEntrance();
  const { run, isPending, error } = useAction(
    useCallback((secret: string) => body(api.POST('/session', { body: { secret } })), []),
    useCallback(async () => {
      const channel = new BroadcastChannel(CHANNEL);
      channel.postMessage('signed in');
      channel.close();
      await enter();
    }, [enter]),
  );
  // Kept for another attempt: a link that was not looked at is not used up.
  const secret = useRef<string>(undefined);
  useEffect(() => {
    const begin = (): void => {
      secret.current = takeSecret() ?? secret.current;
      if (secret.current) void run(secret.current);
    };
    begin();
    window.addEventListener('hashchange', begin);
    return () => window.removeEventListener('hashchange', begin);
  }, [run]);
  const state = stateOf(error, ended !== undefined);
  useEffect(() => {
    document.title = `${t(state.title)} · ${t('app.name')}`;
  }, [t, state.title]);
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>{isPending ? t('signIn.title') : t(state.title)}</h1>
        {isPending ? (
          <p role="status">{t('signIn.working')}</p>
        ) : (
          <>
            <p role={error ? 'alert' : undefined}>{t(state.text)}</p>
            {state.retries ? (
              <Button kind="primary" onPress={() => secret.current && void run(secret.current)}>
                {t('action.retry')}
              </Button>
            ) : (
              <div className="sign-in-command">
                <code>{COMMAND}</code>
                <CopyButton small text={COMMAND} label={t('signIn.command')} />
              </div>
            )}
            {state.shows && <ProblemNote error={error} />}
          </>
        )}
      </div>
    </main>
  );
}

interface State {
  readonly title: MessageKey;
  readonly text: MessageKey;
  readonly retries?: boolean;
  /** The error itself says more. */
  readonly shows?: boolean;
}

function stateOf(error: unknown, hasEnded: boolean): State {
  if (!error)
    return hasEnded
      ? { title: 'signIn.ended.title', text: 'signIn.ended' }
      : { title: 'signIn.title', text: 'signIn.needed' };
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 401) return { title: 'signIn.failed', text: 'signIn.failed.text' };
  if (status === 429) return { title: 'signIn.throttled.title', text: 'signIn.throttled', retries: true, shows: true };
  return { title: 'signIn.broken', text: 'signIn.broken.text', retries: true, shows: true };
}

/** How to go on where one was. It also happens by itself once somebody has signed in from another tab. */
function useEntrance(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const enter = useCallback(async () => {
    queries.clear();
    if (await queries.fetchQuery(sessionQuery)) await navigate({ to: takePlace(), replace: true });
  }, [queries, navigate]);
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => void enter();
    return () => channel.close();
  }, [enter]);
  return enter;
}

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, body } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { Time } from '../ui/time';
import { showToast } from '../ui/toast';
import './account.css';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await body(api.GET('/session/all', { signal }))).items,
});

/** Where one has signed in, and how to end that elsewhere. */
export function Sessions(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const readAgain = (): Promise<void> => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  /** Of one, or of all others; one after the other. */
  const end = useMutation({
    mutationFn: (id: string | undefined) =>
      body(
        id === undefined
          ? api.DELETE('/session/others')
          : api.DELETE('/session/{sessionId}', { params: { path: { sessionId: id } } }),
      ),
    // It may have ended by itself. What failed is said at once, though the list cannot be had either.
    onError: () => void readAgain(),
    onSuccess: async (_, id) => {
      await readAgain();
      showToast({ text: t(id === undefined ? 'account.signOutOthers.done' : 'account.signOutOne.done') });
    },
  });
  const isAlone = data?.every(({ isCurrent }) => isCurrent);
  return (
    <Card
      title={t('account.sessions')}
      actions={
        <Button
          small
          isPending={end.isPending && end.variables === undefined}
          disabledBecause={isAlone ? t('account.signOutOthers.none') : undefined}
          onPress={() => end.isPending || end.mutate(undefined)}
        >
          {t('account.signOutOthers')}
        </Button>
      }
    >
      <div className="stack">
        <p className="soft">{t('account.sessions.text')}</p>
        {end.error && <ProblemNote error={end.error} />}
        {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={2} height={64} />}
        <ul className="sessions">
          {data?.map(({ id, isCurrent, userAgent, address, createdAt, lastSeenAt, expiresAt }) => (
            <li key={id}>
              <div className="row">
                <strong>{userAgent ?? t('account.sessions.unknown')}</strong>
                {isCurrent ? (
                  <Badge kind="accent">{t('account.sessions.this')}</Badge>
                ) : (
                  <Button
                    small
                    kind="quiet"
                    aria-label={t('account.signOutOne.of', { browser: userAgent ?? t('account.sessions.unknown') })}
                    isPending={end.isPending && end.variables === id}
                    onPress={() => end.isPending || end.mutate(id)}
                  >
                    {t('account.signOut')}
                  </Button>
                )}
              </div>
              <div className="session-times soft small">
                {address && (
                  <span>
                    {t('account.sessions.address')} <code>{address}</code>
                  </span>
                )}
                <span>
                  {t('account.sessions.began')} <Time at={createdAt} />
                </span>
                <span>
                  {t('account.sessions.seen')} <Time at={lastSeenAt} />
                </span>
                <span>
                  {t('account.sessions.ends')} <Time at={expiresAt} />
                </span>
              </div>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

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
  const endOthers = useMutation({
    mutationFn: () => body(api.DELETE('/session/others')),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      showToast({ text: t('account.signOutOthers.done') });
    },
  });
  const endOne = useMutation({
    mutationFn: (id: string) => body(api.DELETE('/session/{sessionId}', { params: { path: { sessionId: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    onSuccess: () => showToast({ text: t('account.signOutOne.done') }),
  });
  const failed = endOthers.error ?? endOne.error;
  const isAlone = data?.every(({ isCurrent }) => isCurrent);
  return (
    <Card
      title={t('account.sessions')}
      actions={
        <Button
          small
          isPending={endOthers.isPending}
          disabledBecause={isAlone ? t('account.signOutOthers.none') : undefined}
          onPress={() => endOthers.mutate()}
        >
          {t('account.signOutOthers')}
        </Button>
      }
    >
      <div className="stack">
        <p className="soft">{t('account.sessions.text')}</p>
        {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {failed && <ProblemNote error={failed} />}
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
                    isPending={endOne.isPending && endOne.variables === id}
                    onPress={() => endOne.mutate(id)}
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

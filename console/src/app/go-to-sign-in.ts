import type { AnyRouter } from '@tanstack/react-router';
import { queryClient } from '../api/query-client';
import { sessionQuery } from '../api/session';
import { keepPlace } from '../sign-in/place';

let isGoing = false;

/** The session has ended in the middle of something: to sign in, and afterwards back here. What forms keep stays in the tab. */
export async function goToSignIn(router: AnyRouter): Promise<void> {
  // Before anybody has signed in here, the router leads there by itself.
  if (isGoing || !queryClient.getQueryData(sessionQuery.queryKey)) return;
  isGoing = true;
  try {
    keepPlace(router.state.location.href);
    await router.navigate({ to: '/sign-in', search: { ended: 'yes' } as never, replace: true, ignoreBlocker: true });
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, null);
  } finally {
    isGoing = false;
  }
}

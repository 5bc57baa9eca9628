import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { Schemas } from './client';
import { api, ApiError, body } from './client';

/** Who has signed in here, as `GET /api/session` says. */
export type Session = Schemas['Session'];
export type Role = Session['role'];
export type Scope = Session['expandedScopes'][number];

/** Null when nobody has. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await body(api.GET('/session'));
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** To be used where somebody has signed in. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new ApiError(401, 'Auth.SessionEnded', 'The session has ended.');
  return data;
}

/** What the person's role lacks; undefined when it may. The server decides all the same. */
export function refusalOf({ expandedScopes }: Session, scope: Scope): Scope | undefined {
  return expandedScopes.includes(scope) ? undefined : scope;
}

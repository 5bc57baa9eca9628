import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { ApiError, body } from './client';

export type Role = 'owner' | 'editor' | 'viewer';

/** Who has signed in here, as `GET /api/session` says. */
export interface Session {
  readonly id: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly organization: { readonly id: string; readonly name: string; readonly slug: string };
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Null when nobody has. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await body<Session>(request('/api/session'));
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
  if (!data) throw new ApiError(401, 'Auth.NoIdentity', 'nobody has signed in');
  return data;
}

/** Why the person may not do what needs the scope; undefined when it may. The server decides all the same. */
export function refusalOf({ scopes }: Session, scope: `${'read' | 'write'}:${string}`): string | undefined {
  const [action, module] = scope.split(':') as ['read' | 'write', string];
  const sufficient = [`write:*`, `write:${module}`, ...(action === 'read' ? ['read:*', `read:${module}`] : [])];
  return sufficient.some((held) => scopes.includes(held)) ? undefined : scope;
}

interface Outcome {
  readonly data?: never;
  readonly error?: unknown;
  readonly response: Response;
}

/** A request by hand, in the form that `body` reads. */
export async function request(path: string, init?: RequestInit): Promise<{ data?: never; error?: unknown; response: Response }> {
  const response = await fetch(path, { credentials: 'same-origin', ...init });
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
  const read: unknown = isJson ? await response.json() : undefined;
  return (response.ok ? { data: read, response } : { error: read, response }) as Outcome;
}

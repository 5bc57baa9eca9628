import createClient from 'openapi-fetch';
import type { components, paths } from './schema';
import { reportReached, reportSessionEnd, reportUnreachable } from './signals';

export type Schemas = components['schemas'];

/** A refusal as the API words it (RFC 9457), or its absence: the server could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly requestId?: string,
  ) {
    super(detail);
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** There is nothing there, or not for this organization. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

export interface FieldError {
  /** Such as `body.name`. */
  readonly location: string;
  readonly message: string;
}

/** The API of the server that served this page, under the session's cookie. */
export const api = createClient<paths>({ baseUrl: '/api', credentials: 'same-origin' });

interface Result<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What a resource was when it was read: a change may be held against it. */
export interface Tagged {
  readonly etag: string;
}

/** @returns the answer's body with the version that it is of. @throws ApiError */
export async function tagged<T extends object>(request: Promise<Result<T>>): Promise<T & Tagged> {
  const data = await body(request);
  return { ...data, etag: (await request).response.headers.get('ETag') ?? '' };
}

/** @returns the answer's body. @throws ApiError */
export async function body<T>(request: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await request;
  } catch (error) {
    // Nobody waits for it any more.
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    reportUnreachable();
    throw new ApiError(0, 'Unreachable', '');
  }
  reportReached();
  const { data, error, response } = result;
  if (response.ok) return data as T;
  const problem = (error ?? {}) as Partial<Schemas['Problem']>;
  if (response.status === 401 && problem.code !== 'Session.InvalidLink') reportSessionEnd();
  throw new ApiError(
    response.status,
    problem.code ?? 'Unknown',
    problem.detail ?? response.statusText,
    (problem.errors ?? []).map(({ location = '', message = '' }) => ({ location, message })),
    response.headers.get('X-Request-Id') ?? undefined,
  );
}

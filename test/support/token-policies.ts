import type { Api } from './api.js';

/** In milliseconds. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A time as requests have it, so many milliseconds from now. */
export const after = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

/** Gives the client's organization a policy for its tokens. @throws Error when that is refused. */
export async function setPolicy(api: Api, policy: object): Promise<void> {
  const { status, text } = await api.put('/api/token-policy', policy);
  if (status !== 204) throw new Error(text);
}

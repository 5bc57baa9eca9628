import type { Answer } from './answer.js';
import type { Endpoint, Header, Question } from './endpoint.js';
import { Unreachable } from './endpoint.js';

export type Outcome = 'ok' | 'finding' | 'skipped';

/** What one probe found, in words. */
export interface Result {
  readonly probe: string;
  readonly outcome: Outcome;
  readonly says: string;
}

export type Judgement = Omit<Result, 'probe'>;

export const ok = (says: string): Judgement => ({ outcome: 'ok', says });
export const finding = (says: string): Judgement => ({ outcome: 'finding', says });
export const skipped = (says: string): Judgement => ({ outcome: 'skipped', says });

/** Who the token's holder is, as `GET /api/me` says. */
export interface Me {
  readonly user: { readonly id: string };
  readonly organization: { readonly id: string; readonly externalId: string; readonly slug: string };
  readonly token: { readonly id: string };
  readonly clientAddress?: string;
  readonly forwardingHeaders?: readonly string[];
}

/** What probes work with. */
export interface Examination {
  readonly gateway: Endpoint;
  /** The server itself, when it should be tried around the gateway. */
  readonly direct: Endpoint | undefined;
  readonly token: string;
  /** Who the token makes its holder through the gateway. Absent: it does not work there. */
  readonly me: Me | undefined;
}

/** Asks, and judges the answer; a connection that is closed without one has let nothing through. */
export async function judge(
  endpoint: Endpoint,
  question: Question,
  judgement: (answer: Answer) => Judgement,
): Promise<Judgement> {
  try {
    return judgement(await endpoint.ask(question));
  } catch (error) {
    if (error instanceof Unreachable) return ok(`refused: ${error.message}`);
    throw error;
  }
}

export const bearer = (credential: string): Header => ['Authorization', `Bearer ${credential}`];

/** What was answered, in few words: nothing of it is repeated that could be a secret. */
export const wordsOf = ({ status, code }: Answer): string => (code === undefined ? `${status}` : `${status} ${code}`);

/** The body as the answer of `GET /api/me`, where it is one. */
export function readMe({ status, body }: Answer): Me | undefined {
  const { user, organization, token } = (body ?? {}) as Partial<Me>;
  return status === 200 && user && organization && token ? (body as unknown as Me) : undefined;
}

/** Codes of `/api/tokens/validate`, which is asked by the gateway; all others are the API's, which the gateway has then let the request through to. */
export const isOfValidate = (code: string): boolean => code.startsWith('ValidateToken.');

/**
 * Judges what came of a credential that is none.
 *
 * @param gain what it means that the API has got it, in words that begin a sentence.
 */
export function judgeForgery(answer: Answer, gain: string): Judgement {
  const { status, code } = answer;
  const words = wordsOf(answer);
  const me = readMe(answer);
  if (me) return finding(`accepted, as ${me.organization.slug}. ${gain}`);
  if (code === 'ValidateToken.Undecidable') return skipped(`validate cannot decide now (${words})`);
  if (status === 429) return skipped(`the gateway wants fewer requests (${words})`);
  if (code === 'Auth.NoIdentity') return ok(`refused by the API, which got no credential (${words})`);
  // The path is none of the API's as it reads it, before it looks at any credential.
  if (code === 'NOT_FOUND') return ok(`passed on to the API, which has nothing there for anybody (${words})`);
  if (code !== undefined && !isOfValidate(code)) return finding(`reached the API unvalidated (${words}). ${gain}`);
  if (status >= 200 && status < 300 && code === undefined) return ok(`answered without an identity (${words})`);
  return ok(`refused${code === undefined ? '' : ' by validate'} (${words})`);
}

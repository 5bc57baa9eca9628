import type { Answer } from './answer.js';
import type { Endpoint, Header, Question } from './endpoint.js';
import { Unreachable } from './endpoint.js';

/** `skipped` is what there was nothing to try of; `undecided` is what was tried, and its answer tells nothing. */
export type Outcome = 'ok' | 'finding' | 'skipped' | 'undecided';

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
export const undecided = (says: string): Judgement => ({ outcome: 'undecided', says });

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

/**
 * Asks, and judges the answer. A connection that is closed without one has let nothing through; where nobody answers, that says nothing.
 *
 * @param away judges that nobody takes the connection, where that says something.
 */
export async function judge(
  endpoint: Endpoint,
  question: Question,
  judgement: (answer: Answer) => Judgement,
  away: (says: string) => Judgement = undecided,
): Promise<Judgement> {
  try {
    return judgement(await endpoint.ask(question));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const { message, stage } = error;
    if (stage === 'closed') return ok(`refused: ${message}`);
    return (stage === 'connecting' ? away : undecided)(`not answered: ${message}`);
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

/** Statuses of a gateway that is asked for too much, or that has nobody to ask: it might do anything at another time. */
const UNDECIDED = new Set([429, 500, 502, 503, 504]);

export const isUndecided = ({ status }: Answer): boolean => UNDECIDED.has(status);

/** What `/api/tokens/validate` says of every credential that is none. */
const CHALLENGE_OF_VALIDATE = 'error_description="the token is not valid"';

/**
 * A refusal whose body is lost, as with HEAD or where a gateway has error pages of its own: its challenge may still say whose it is.
 *
 * @returns undefined for what needs no challenge, and so is not told by one.
 */
function judgeChallenge(answer: Answer, gain: string): Judgement | undefined {
  const challenge = answer.headers['www-authenticate'];
  if (challenge?.includes(CHALLENGE_OF_VALIDATE)) return ok(`refused by validate (${wordsOf(answer)})`);
  if (challenge?.includes('error=')) return finding(`reached the API unvalidated (${wordsOf(answer)}). ${gain}`);
  if (challenge !== undefined || answer.status !== 401) return undefined;
  return undecided(
    `refused (${wordsOf(answer)}), and nothing says by whom: the gateway keeps both problem and challenge to itself`,
  );
}

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
  const isOfApi = code !== undefined && !isOfValidate(code);
  if (isUndecided(answer) && !isOfApi) return undecided(`not decided (${words})`);
  if (code === 'Auth.NoIdentity') return ok(`refused by the API, which got no credential (${words})`);
  // The path is none of the API's as it reads it, before it looks at any credential.
  if (code === 'NOT_FOUND') return ok(`passed on to the API, which has nothing there for anybody (${words})`);
  if (isOfApi) return finding(`reached the API unvalidated (${words}). ${gain}`);
  if (code !== undefined) return ok(`refused by validate (${words})`);
  if (status >= 200 && status < 300) return ok(`answered without an identity (${words})`);
  return judgeChallenge(answer, gain) ?? ok(`refused (${words})`);
}

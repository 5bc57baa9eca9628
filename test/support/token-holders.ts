import type { Answer, Api } from './api.js';
import { mintedTokens } from './minted-tokens.js';

/** A service account of a test's own, with the routes of its tokens. Their secrets are searched for in the suite's log, too. */
export interface TokenHolder {
  readonly id: string;
  readonly slug: string;
  /** Path of its tokens. */
  readonly path: string;
  /** Mints a token; `read:*` and a name of its own unless `body` says otherwise. */
  create(body?: object, as?: Api): Promise<Answer>;
  /** The same, or an error when it is refused. @returns the token with its secret. */
  created(body?: object): Promise<any>;
  rotate(reference: string, body?: object, as?: Api): Promise<Answer>;
  /** What is shown of a token. */
  show(reference: string): Promise<any>;
}

export async function aHolder(api: Api): Promise<TokenHolder> {
  const { id, slug } = (await api.post('/api/service-accounts', { name: 'Holder' })).body as TokenHolder;
  const path = `/api/service-accounts/${slug}/tokens`;
  let count = 0;
  const minted = async (sent: Promise<Answer>): Promise<Answer> => {
    const answer = await sent;
    if (answer.status === 201) mintedTokens.push((answer.body as { token: string }).token);
    return answer;
  };
  const create = (body: object = {}, as = api): Promise<Answer> =>
    minted(as.post(path, { name: `token ${(count += 1)}`, scopes: ['read:*'], ...body }));
  return {
    id,
    slug,
    path,
    create,
    created: async (body) => {
      const answer = await create(body);
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.body;
    },
    rotate: (reference, body, as = api) => minted(as.post(`${path}/${reference}/rotate`, body)),
    show: async (reference) => (await api.get(`${path}/${reference}`)).body,
  };
}

import { Choice } from '../../http/fields.js';
import { ListQuery } from '../../lists/list.query.js';

const EMBEDDINGS = ['newest', 'none'] as const;

export class ListServiceAccountsQuery extends ListQuery {
  @Choice(EMBEDDINGS, {
    optional: true,
    description:
      "What `tokens` of each account has: `newest`, which it is unless given: its newest tokens, or `none`: nothing, which is a fraction of the answer's size.",
  })
  tokens?: (typeof EMBEDDINGS)[number];
}

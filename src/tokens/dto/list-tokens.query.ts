import { Choice, QueryFlag, Text } from '../../http/fields.js';
import { both, PageQuery, Searched } from '../../lists/list.query.js';
import { TOKEN_STATES } from '../token-states.js';
import type { TokenState } from '../token-states.js';

export const TOKEN_SORT = ['name', 'createdAt', 'slug', 'expiresAt', 'lastUsedAt'] as const;
type TokenSort = (typeof TOKEN_SORT)[number];

export class ListTokensQuery extends PageQuery {
  @Choice(both(TOKEN_SORT), {
    optional: true,
    description:
      'Order; a minus for descending. Names are compared in lower case. A token that never expires comes after all that do, and one that was ' +
      'never used before all that were; the other way round when descending.',
  })
  sort?: TokenSort | `-${TokenSort}`;

  @Searched()
  q?: string;

  @Choice(TOKEN_STATES, {
    optional: true,
    description:
      'Only tokens that are, when the page is read: `active`: neither revoked nor expired, `expired`: by now, and not revoked, `revoked`: at ' +
      'some time, `expiring`: active, with TOKEN_EXPIRING_DAYS (14) or fewer left, `idle`: active, used, but not for TOKEN_IDLE_DAYS (90), ' +
      "`unused`: active and never used, however new, `violating`: active, and the organization's policy would not allow it any more, " +
      '`permanent`: active, and never expires, `replaced`: by a rotation, and still active in its grace. Every token is one of the first ' +
      'three; a replaced one is in none of `expiring`, `idle`, `unused`, `violating` and `permanent`, and others may be in several of those.',
  })
  state?: TokenState;
}

/** Of all accounts' tokens. */
export class ListAllTokensQuery extends ListTokensQuery {
  @Text(1, 255, {
    optional: true,
    description:
      'Tokens of this service account, by slug or id; by id also when it has been deleted. The counts are of its tokens only, then.',
  })
  serviceAccount?: string;

  @QueryFlag({
    description:
      'With `false`, the answer has no `counts`: where there are 100,000 tokens, they take several times as long as the page.',
  })
  counts?: boolean;
}

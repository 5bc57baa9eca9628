import { Choice } from '../../http/fields.js';
import { ListQuery } from '../../lists/list.query.js';
import { TOKEN_STATES } from '../token-states.js';
import type { TokenState } from '../token-states.js';

export class ListTokensQuery extends ListQuery {
  @Choice(TOKEN_STATES, {
    optional: true,
    description:
      'Only tokens that are, when the page is read: `active`: neither revoked nor expired, `expired`: by now, and not revoked, `revoked`: at ' +
      'some time, `expiring`: active, with TOKEN_EXPIRING_DAYS (14) or fewer left, `idle`: active, used, but not for TOKEN_IDLE_DAYS (90), ' +
      "`unused`: active and never used, however new, `violating`: active, and the organization's policy would not allow it any more, " +
      '`replaced`: by a rotation, and still active in its grace. Every token is one of the first three; a replaced one is in none of ' +
      '`expiring`, `idle`, `unused` and `violating`, and others may be in several of those.',
  })
  state?: TokenState;
}

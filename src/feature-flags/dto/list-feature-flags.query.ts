import { QueryFlag } from '../../http/fields.js';
import { ListQuery } from '../../lists/list.query.js';

export class ListFeatureFlagsQuery extends ListQuery {
  @QueryFlag({ description: 'Flags that are on, or with `false` those that are off.' })
  enabled?: boolean;
}

import { Choice, QueryFlag, Text } from '../../http/fields.js';
import { ListQuery } from '../../lists/list.query.js';
import type { InstanceStatus } from '../instance.entity.js';
import { INSTANCE_STATUSES } from '../instance.entity.js';

export class ListInstancesQuery extends ListQuery {
  @Text(1, 255, { optional: true, description: 'Instances of this customer, by id or slug.' })
  customerId?: string;

  @Choice(INSTANCE_STATUSES, { optional: true, description: 'Instances of this status.' })
  status?: InstanceStatus;

  @Text(1, 100, { optional: true, description: 'Instances of exactly this lifecycle stage.' })
  lifecycleStage?: string;

  @QueryFlag({ description: 'Instances that have a lifecycle stage, or with `false` those that have none.' })
  hasLifecycleStage?: boolean;
}

import type { Translated } from '../en';
import type { instances as en } from '../en/instances';

export const instances: Translated<typeof en> = {};

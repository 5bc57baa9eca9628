import type { Translated } from '../en';
import type { customers as en } from '../en/customers';

export const customers: Translated<typeof en> = {};

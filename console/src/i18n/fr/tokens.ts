import type { Translated } from '../en';
import type { tokens as en } from '../en/tokens';

export const tokens: Translated<typeof en> = {};

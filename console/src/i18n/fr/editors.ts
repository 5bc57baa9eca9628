import type { Translated } from '../en';
import type { editors as en } from '../en/editors';

export const editors: Translated<typeof en> = {
  'editor.loading': 'L’éditeur arrive',
};

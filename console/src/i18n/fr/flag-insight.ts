import type { Translated } from '../en';
import type { flagInsight as en } from '../en/flag-insight';

export const flagInsight: Translated<typeof en> = {
  'tryIt.context': 'Contexte',
  'tryIt.run': 'Essayer',
};

import { allows } from '../auth/scopes.js';
import type { Principal } from '../auth/principal.js';

/**
 * Whether facts are shown in words: to who may read customers and instances anyway. Whether a rule over them holds is told to all, as evaluations
 * tell it.
 */
export const maySeeFacts = ({ scopes }: Principal): boolean =>
  allows(scopes, 'read:customers') && allows(scopes, 'read:instances');

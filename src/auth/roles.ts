import type { GrantedScope } from './scopes.js';
import { MODULES } from './scopes.js';

/** What people may be in an organization. */
export const ROLES = ['owner', 'editor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Whoever writes these says who else gets in, and as what. */
const OWNERS_ONLY: readonly string[] = ['tokens', 'organizations', 'users'];

const SCOPES_OF: Readonly<Record<Role, readonly GrantedScope[]>> = {
  owner: ['write:*'],
  editor: [
    'read:*',
    ...MODULES.filter((module) => !OWNERS_ONLY.includes(module)).map((module): GrantedScope => `write:${module}`),
  ],
  viewer: ['read:*'],
};

export const scopesOf = (role: Role): readonly GrantedScope[] => SCOPES_OF[role];

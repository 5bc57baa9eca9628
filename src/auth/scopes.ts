/** The modules that scopes name, in the contract's spelling. */
export const MODULES = [
  'customers',
  'instances',
  'licenses',
  'entitlements',
  'feature_flags',
  'deployment_zones',
  'releases',
  'components',
  'metadata_fields',
  'organizations',
  'users',
  'tokens',
  'webhooks',
  'notifications',
] as const;
export const ACTIONS = ['read', 'write'] as const;

export type Action = (typeof ACTIONS)[number];
export type Module = (typeof MODULES)[number];
/** What a route asks for. */
export type Scope = `${Action}:${Module}`;
/** What a token may carry: a scope, or all modules of an action. `write:*` is everything. */
export type GrantedScope = Scope | `${Action}:*`;

/** Every scope without a wildcard, in the catalogue's order. */
export const SCOPES: readonly Scope[] = MODULES.flatMap((module) =>
  ACTIONS.map((action): Scope => `${action}:${module}`),
);

/** Every scope that a token can carry. */
export const GRANTED_SCOPES: readonly GrantedScope[] = [...SCOPES, 'read:*', 'write:*'];

const KNOWN: ReadonlySet<string> = new Set(GRANTED_SCOPES);

/** Strict: a known action, a known module or `*`, and nothing else, blanks included. */
export function isGrantedScope(text: unknown): text is GrantedScope {
  return typeof text === 'string' && KNOWN.has(text);
}

/** Whether the granted scopes allow `required`: write implies read, `read:*` reads all modules, `write:*` is everything. */
export function allows(granted: readonly GrantedScope[], required: GrantedScope): boolean {
  if (granted.includes(required) || granted.includes('write:*')) return true;
  if (!required.startsWith('read:')) return false;
  return granted.includes('read:*') || granted.includes(required.replace('read:', 'write:') as GrantedScope);
}

/** The granted scopes written out: every scope without a wildcard that they allow, in the catalogue's order. */
export function expandScopes(granted: readonly GrantedScope[]): Scope[] {
  return SCOPES.filter((scope) => allows(granted, scope));
}

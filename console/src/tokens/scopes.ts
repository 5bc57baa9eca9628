import type { Scope } from '../api/session';

/** The modules that scopes name, grouped as people think of them. */
export const GROUPS = {
  customers: ['customers', 'instances', 'metadata_fields'],
  licensing: ['licenses', 'entitlements'],
  flags: ['feature_flags'],
  releases: ['releases', 'components', 'deployment_zones'],
  organization: ['organizations', 'users', 'tokens', 'webhooks', 'notifications'],
} as const satisfies Record<string, readonly string[]>;

export type Group = keyof typeof GROUPS;
export type Module = (typeof GROUPS)[Group][number];
export type Level = 'none' | 'read' | 'write';
export type GrantedScope = Scope | 'read:*' | 'write:*';

export const MODULES: readonly Module[] = Object.values(GROUPS).flat();
const LEVELS: readonly Level[] = ['none', 'read', 'write'];

/** What is chosen: for every module at once, those to come included, and for each. The higher of both counts. */
export interface Choice {
  readonly every: Level;
  readonly modules: Readonly<Partial<Record<Module, Level>>>;
}

export const NOTHING: Choice = { every: 'none', modules: {} };

const each = (level: Level, modules: readonly Module[]): Partial<Record<Module, Level>> =>
  Object.fromEntries(modules.map((module) => [module, level]));

/** Shortcuts only: the API does not know them. */
export const PRESETS = {
  readAll: { every: 'read', modules: {} },
  full: { every: 'write', modules: {} },
  data: {
    every: 'none',
    modules: {
      ...each('read', ['feature_flags', 'customers', 'licenses', 'entitlements']),
      instances: 'write',
    },
  },
  control: {
    every: 'none',
    modules: each('write', [
      'instances',
      'licenses',
      'customers',
      'deployment_zones',
      'releases',
      'components',
      'organizations',
      'tokens',
    ]),
  },
} as const satisfies Record<string, Choice>;

export type Preset = keyof typeof PRESETS;

export const rank = (level: Level): number => LEVELS.indexOf(level);

export function levelOf({ every, modules }: Choice, module: Module): Level {
  const own = modules[module] ?? 'none';
  return rank(own) > rank(every) ? own : every;
}

/** The scopes to ask for. Whoever writes also reads, and the list says so. */
export function scopesOf(choice: Choice): GrantedScope[] {
  if (choice.every === 'write') return ['write:*'];
  const least = choice.every === 'read' ? (['read:*'] as const) : [];
  const chosen = MODULES.flatMap((module): GrantedScope[] => {
    const level = levelOf(choice, module);
    if (level === 'none' || level === choice.every) return [];
    return level === 'write' && choice.every === 'none'
      ? [`read:${module}`, `write:${module}`]
      : [`${level}:${module}`];
  });
  return [...least, ...chosen];
}

/** @returns the choice that gives these scopes, and what among them is none. */
export function choiceOf(scopes: readonly string[]): { readonly choice: Choice; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  let every: Level = 'none';
  const modules: Partial<Record<Module, Level>> = {};
  const higher = (one: Level, other: Level): Level => (rank(one) > rank(other) ? one : other);
  for (const scope of scopes) {
    const [action, module, ...more] = scope.split(':');
    if ((action !== 'read' && action !== 'write') || more.length > 0) unknown.push(scope);
    else if (module === '*') every = higher(every, action);
    else if (isModule(module)) modules[module] = higher(modules[module] ?? 'none', action);
    else unknown.push(scope);
  }
  return { choice: { every, modules }, unknown };
}

const isModule = (text: string | undefined): text is Module =>
  (MODULES as readonly (string | undefined)[]).includes(text);

/** The most that somebody may give of a module, or of all: what they hold themselves. */
export function mostOf(held: readonly Scope[], module: Module): Level {
  if (held.includes(`write:${module}`)) return 'write';
  return held.includes(`read:${module}`) ? 'read' : 'none';
}

export function mostOfEvery(held: readonly Scope[]): Level {
  const all = MODULES.map((module) => rank(mostOf(held, module)));
  return LEVELS[Math.min(...all)] ?? 'none';
}

/** The choice without what somebody does not hold. */
export function within(choice: Choice, held: readonly Scope[]): Choice {
  const lower = (one: Level, other: Level): Level => (rank(one) < rank(other) ? one : other);
  const every = lower(choice.every, mostOfEvery(held));
  return {
    every,
    modules: Object.fromEntries(
      MODULES.map((module) => [module, lower(levelOf(choice, module), mostOf(held, module))]),
    ),
  };
}

export const isSame = (one: Choice, other: Choice): boolean => scopesOf(one).join() === scopesOf(other).join();

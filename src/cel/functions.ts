import { CONVERSIONS } from './conversions.js';
import type { Operation } from './evaluation.js';
import { matches } from './regex.js';
import { STRING_METHODS } from './strings.js';
import { fieldInAnyZone, fieldOf, TIME_FIELDS } from './time-fields.js';

const timeMethods: Record<string, Operation> = {};
for (const name of TIME_FIELDS) {
  timeMethods[`${name}/0`] = (meter, value) => fieldOf(meter, name, value);
  timeMethods[`${name}/1`] = (meter, value, zone) => fieldInAnyZone(meter, name, value, zone);
}

/** By name and number of arguments, as `size/1`. */
export const FUNCTIONS = new Map<string, Operation>([...Object.entries(CONVERSIONS), ['matches/2', matches]]);

/** The receiver is the first argument, and not counted: `contains/1`. */
export const METHODS = new Map<string, Operation>([
  ...Object.entries(STRING_METHODS),
  ...Object.entries(timeMethods),
  ['size/0', CONVERSIONS['size/1']!],
  ['matches/1', matches],
]);

/** With how many arguments each macro of a receiver can be called. */
export const MACROS: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

const functionNames = new Set(['has', ...namesOf(FUNCTIONS)]);
const methodNames = new Set(['bind', ...Object.keys(MACROS), ...namesOf(METHODS)]);

function namesOf(table: ReadonlyMap<string, Operation>): string[] {
  return Array.from(table.keys(), (key) => key.slice(0, key.indexOf('/')));
}

export function isFunction(name: string): boolean {
  return functionNames.has(name);
}

export function isMethod(name: string): boolean {
  return methodNames.has(name);
}

/** What the language has besides operators. `$` is where the cursor comes to stand; `on` is what a method is called on. */
export interface Word {
  readonly name: string;
  /** As people write it: `startsWith(prefix) → bool`. */
  readonly shape: string;
  readonly insert: string;
}

const word = (name: string, parameters: string, result: string): Word => ({
  name,
  shape: `(${parameters}) → ${result}`,
  insert: parameters === '' ? `${name}()` : `${name}($)`,
});

const loop = (name: string, result: string): Word => ({
  name,
  shape: `(x, …) → ${result}`,
  insert: `${name}(x, $)`,
});

export const FUNCTIONS: readonly Word[] = [
  word('has', 'a.b', 'bool'),
  word('size', 'value', 'int'),
  word('matches', 'string, regex', 'bool'),
  word('int', 'value', 'int'),
  word('uint', 'value', 'uint'),
  word('double', 'value', 'double'),
  word('string', 'value', 'string'),
  word('bytes', 'string', 'bytes'),
  word('bool', 'string', 'bool'),
  word('timestamp', 'string', 'timestamp'),
  word('duration', 'string', 'duration'),
  word('type', 'value', 'type'),
  word('dyn', 'value', 'dyn'),
];

const ofTime = (name: string): Word => ({ ...word(name, '', 'int'), shape: '(zone?) → int' });

export const METHODS: readonly Word[] = [
  loop('exists', 'bool'),
  loop('all', 'bool'),
  loop('exists_one', 'bool'),
  loop('filter', 'list'),
  loop('map', 'list'),
  word('contains', 'string', 'bool'),
  word('startsWith', 'string', 'bool'),
  word('endsWith', 'string', 'bool'),
  word('matches', 'regex', 'bool'),
  word('size', '', 'int'),
  word('lowerAscii', '', 'string'),
  word('upperAscii', '', 'string'),
  word('trim', '', 'string'),
  word('charAt', 'index', 'string'),
  word('indexOf', 'string', 'int'),
  word('lastIndexOf', 'string', 'int'),
  word('substring', 'from, to', 'string'),
  word('replace', 'string, by', 'string'),
  word('split', 'separator', 'list'),
  word('join', 'separator', 'string'),
  word('reverse', '', 'string'),
  ofTime('getFullYear'),
  ofTime('getMonth'),
  ofTime('getDate'),
  ofTime('getDayOfMonth'),
  ofTime('getDayOfWeek'),
  ofTime('getDayOfYear'),
  ofTime('getHours'),
  ofTime('getMinutes'),
  ofTime('getSeconds'),
  ofTime('getMilliseconds'),
];

export const CONSTANTS = ['true', 'false', 'null'] as const;

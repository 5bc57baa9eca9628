/** Where flags are evaluated: all of them here, and one below. */
export const FLAGS_PATH = '/api/ofrep/v1/evaluate/flags';

/** What a request asks for. */
export interface OfrepTarget {
  /** The route's pattern, for the log and the metrics. */
  readonly route: string;
  /** Of one flag; undefined for all. */
  readonly key: string | undefined;
}

export const ALL_FLAGS: OfrepTarget = { route: FLAGS_PATH, key: undefined };

export const oneFlag = (key: string): OfrepTarget => ({ route: `${FLAGS_PATH}/:key`, key });

/**
 * As the framework's routes: one trailing slash makes no difference, and the key is a segment with escapes.
 *
 * @param path is known to be UTF-8 in good escapes.
 * @returns undefined when it is another path.
 */
export function targetOf(path: string): OfrepTarget | undefined {
  if (!path.startsWith(FLAGS_PATH)) return undefined;
  const rest = path.slice(FLAGS_PATH.length);
  if (rest === '' || rest === '/') return ALL_FLAGS;
  const segment = rest.endsWith('/') ? rest.slice(1, -1) : rest.slice(1);
  if (!rest.startsWith('/') || segment === '' || segment.includes('/')) return undefined;
  return oneFlag(segment.includes('%') ? decodeURIComponent(segment) : segment);
}

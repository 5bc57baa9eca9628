/** What the server knows about a caller: the tree that `GET /api/feature-flags/targeting/context` answers. */
export interface FactShape {
  /** Identifiers of rules. That of the facts is `__kaiten`. */
  roots: readonly FactNode[];
}

export interface FactNode {
  name: string;
  type: 'string' | 'number' | 'boolean' | 'object' | 'map' | 'dyn';
  description?: string;
  /** May be absent, so that a rule should ask with `has()`. */
  optional?: boolean;
  /** Of an object. */
  fields?: readonly FactNode[];
  /** What each entry of a map looks like. */
  values?: FactNode;
  /** Keys of a map that are known; there may be others. */
  knownKeys?: readonly string[];
}

import { hash } from 'node:crypto';
import { patternInstructions } from '../cel/pattern-memory.js';
import type { CompiledFlag } from '../flag-evaluation/compiled-flag.js';
import type { FlagDefinition } from '../flag-evaluation/definition.js';
import type { Steps } from '../http/steps.js';
import { takeSteps } from '../http/steps.js';
import type { Soon } from '../soon.js';
import type { ConstantFlags } from './constant-flags.js';
import { gather } from './constant-flags.js';
import { ServedFlag } from './served-flag.js';

/**
 * What flags take of memory, as it was measured: each of them, a character of its texts as objects and as answers, a word or sign of its
 * rules once they are compiled (100 to 200 an ordinary one, 400 the dearest), an instruction of the patterns in these, and a segment of shares.
 */
const BYTES_PER_FLAG = 2_048;
const BYTES_PER_CHARACTER = 3;
const BYTES_PER_SYMBOL = 300;
const BYTES_PER_INSTRUCTION = 85;
const BYTES_PER_SEGMENT = 300;

/** To be raised by a release that evaluates the same flags to something else, or writes it otherwise: clients keep tags longer than processes live. */
const EVALUATIONS = 2;

/** An organization's flags as they were at one moment. */
export class FlagSnapshot {
  /** By slug. */
  readonly flags: readonly ServedFlag[];
  /** Another one for each organization, and whenever a flag is. The same in all processes, since it is made of the rows' versions. */
  readonly version: string;
  /** What it takes of memory, about. */
  readonly bytes: number;
  private readonly bySlug: ReadonlyMap<string, ServedFlag>;
  private compilation: Promise<void> | undefined;
  private facts = false;
  private dated: readonly ServedFlag[] = [];
  private gathered: readonly (CompiledFlag | ConstantFlags)[] = [];
  private isCompiled = false;

  /** @param previous flags of these that are the same are taken from it, compiled as they may be. */
  constructor(organizationId: string, rows: readonly FlagRow[], previous?: FlagSnapshot) {
    const known = new Map(previous?.flags.map((flag) => [flag.definition.version, flag]));
    this.flags = [...rows]
      .sort((a, b) => (a.definition.slug < b.definition.slug ? -1 : 1))
      .map(({ definition }) => known.get(definition.version) ?? new ServedFlag(definition));
    this.bySlug = new Map(this.flags.map((flag) => [flag.definition.slug, flag]));
    const versions = this.flags.map(({ definition: { id, version } }) => `${id} ${version}`);
    this.version = hash('sha256', [EVALUATIONS, organizationId, ...versions].join(), 'hex');
    this.bytes = rows.reduce((sum, row) => sum + bytesOf(row), BYTES_PER_FLAG);
  }

  find(slug: string): ServedFlag | undefined {
    return this.bySlug.get(slug);
  }

  /** Compiles all flags, with pauses for other requests. @returns at once when that is done already. */
  compile(): Soon<void> {
    if (this.isCompiled) return;
    return (this.compilation ??= takeSteps(this.compilationSteps()));
  }

  /** Whether a rule of any flag reads facts; known when it is compiled. */
  get readsFacts(): boolean {
    return this.facts;
  }

  /** All of them, by slug, as they are evaluated; known when it is compiled. */
  get parts(): readonly (CompiledFlag | ConstantFlags)[] {
    return this.gathered;
  }

  /** Whether an evaluation goes by nothing but the context: not by facts nor by time; known when it is compiled. */
  get goesByContextAlone(): boolean {
    return !this.facts && this.dated.length === 0;
  }

  /** Those whose answers change with time; known when it is compiled. */
  get datedFlags(): readonly ServedFlag[] {
    return this.dated;
  }

  private *compilationSteps(): Steps<void> {
    for (const flag of this.flags) {
      if (flag.isCompiled) continue;
      yield* flag.compilationSteps();
      yield;
    }
    this.gathered = gather(this.flags);
    this.facts = this.flags.some(({ compiled }) => compiled.readsFacts);
    this.dated = this.flags.filter(({ compiled }) => compiled.dateRollouts.length > 0);
    this.isCompiled = true;
  }
}

/** A flag as it is read, with what it takes of memory. */
export interface FlagRow {
  readonly definition: FlagDefinition;
  /** Characters of its texts. */
  readonly length: number;
  /** Of its rules. */
  readonly ruleSymbols: number;
}

function bytesOf({ definition, length, ruleSymbols }: FlagRow): number {
  const { defaultVariant, targetings } = definition;
  const rules = new Set(targetings.map(({ rule }) => rule));
  let instructions = 0;
  for (const rule of rules) instructions += patternInstructions(rule);
  let segments = 0;
  for (const strategy of [defaultVariant, ...targetings]) {
    if (strategy.type === 'rollout_percentage') segments += strategy.allocation.length;
  }
  return (
    BYTES_PER_FLAG +
    BYTES_PER_CHARACTER * length +
    BYTES_PER_SYMBOL * ruleSymbols +
    BYTES_PER_INSTRUCTION * instructions +
    BYTES_PER_SEGMENT * segments
  );
}

import type { CompiledFlag } from '../flag-evaluation/compiled-flag.js';
import { compileFlag, compileFlagInSteps } from '../flag-evaluation/compiled-flag.js';
import type { FlagDefinition } from '../flag-evaluation/definition.js';
import type { Answer, Evaluation, Failure } from '../flag-evaluation/evaluation.js';
import type { EvaluationTally } from '../flag-evaluations/counted-evaluation.js';
import type { Steps } from '../http/steps.js';
import { takeSteps } from '../http/steps.js';
import type { Soon } from '../soon.js';

/** The key of a flag's metadata that is for code generators, and goes with no evaluation. */
export const FALLBACK_VALUE = 'fallback_value';

/**
 * Bytes of answers that are kept with a flag, about: each has its value and all metadata, so that those of a small flag with many variants could
 * be many times what the flag is. Others are written anew each time.
 */
const MOST_KEPT = 128 * 1024;

const BROKEN_RULES = 'kaiten.brokenTargetingRules';

/** The protocol's success, in JSON. */
export interface WrittenAnswer {
  readonly json: FlagJson;
  readonly tally: EvaluationTally;
}

/** A flag in an answer, with a comma behind it: as it stands in a list, ready to be sent. */
export type FlagJson = Buffer;

/** A flag in memory, compiled when it is first evaluated, with its answers as they are sent. */
export class ServedFlag {
  private ready: CompiledFlag | undefined;
  private compilation: Promise<void> | undefined;
  /** By variant and reason, which is all that an answer says of a flag. */
  private readonly written: (WrittenAnswer & { readonly variantId: string; readonly reason: string })[] = [];
  private kept = 0;
  private parts: { readonly key: string; readonly metadata: readonly string[] } | undefined;

  constructor(readonly definition: FlagDefinition) {}

  get compiled(): CompiledFlag {
    return (this.ready ??= compileFlag(this.definition));
  }

  /** Compiles it with pauses for other requests. @returns at once when that is done already. */
  compile(): Soon<void> {
    if (this.ready) return;
    return (this.compilation ??= takeSteps(this.compilationSteps()));
  }

  *compilationSteps(): Steps<void> {
    if (this.ready) return;
    const compiled = yield* compileFlagInSteps(this.definition);
    // Somebody else may have been faster in between, whose answers are in use.
    this.ready ??= compiled;
  }

  get isCompiled(): boolean {
    return this.ready !== undefined;
  }

  /** The same object for the same answer, unless rules were broken, or the answers of the flag are too large to be kept. */
  write(answer: Answer): WrittenAnswer {
    const known = writtenBefore(answer);
    if (known !== undefined) return known;
    if (answer.brokenRules !== undefined) return this.writeAnew(answer);
    const { reason, variant } = answer;
    let written = this.written.find((other) => other.variantId === variant.id && other.reason === reason);
    if (!written) {
      const fresh = this.writeAnew(answer);
      if (this.kept + fresh.json.length > MOST_KEPT) return fresh;
      this.kept += fresh.json.length;
      this.written.push((written = { ...fresh, variantId: variant.id, reason }));
    }
    answer.kept = written;
    return written;
  }

  private writeAnew(answer: Answer): WrittenAnswer {
    return { json: listed(this.textOf(answer)), tally: { evaluations: 0 } };
  }

  /** The failure as the protocol's, in JSON. */
  writeFailure({ errorCode, errorDetails, brokenRules }: Failure): FlagJson {
    const metadata = brokenRules ? `,"metadata":{${brokenRulesMember(brokenRules)}}` : '';
    const { key } = this.pieces;
    return listed(
      `{"key":${key},"errorCode":"${errorCode}","errorDetails":${JSON.stringify(errorDetails)}${metadata}}`,
    );
  }

  private textOf({ variant, value, reason, brokenRules }: Answer): string {
    const { key, metadata } = this.pieces;
    const members = brokenRules ? [...metadata, brokenRulesMember(brokenRules)] : metadata;
    const tail = members.length > 0 ? `,"metadata":{${members.join(',')}}` : '';
    const name = JSON.stringify(variant.name);
    return `{"key":${key},"value":${JSON.stringify(value)},"variant":${name},"reason":"${reason}"${tail}}`;
  }

  private get pieces(): { readonly key: string; readonly metadata: readonly string[] } {
    return (this.parts ??= {
      key: JSON.stringify(this.definition.slug),
      metadata: Object.entries(this.definition.metadata)
        .filter(([name, value]) => isScalar(value) && name !== FALLBACK_VALUE && name !== BROKEN_RULES)
        .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
    });
  }
}

/** What `write` made of an evaluation before. An answer with broken rules is a copy, for which what is kept with it is not true. */
export function writtenBefore(evaluation: Evaluation): WrittenAnswer | undefined {
  if (evaluation.errorCode !== undefined || evaluation.brokenRules !== undefined) return undefined;
  return evaluation.kept as WrittenAnswer | undefined;
}

const listed = (text: string): FlagJson => Buffer.from(`${text},`);

/** The protocol's metadata has texts, numbers and booleans, so a list is one as text. */
const brokenRulesMember = (names: readonly string[]): string =>
  `"${BROKEN_RULES}":${JSON.stringify(JSON.stringify(names))}`;

const isScalar = (value: unknown): boolean => ['boolean', 'string', 'number'].includes(typeof value);

import type { CompiledFlag } from '../flag-evaluation/compiled-flag.js';
import type { Answer } from '../flag-evaluation/evaluation.js';
import type { EvaluationTally } from '../flag-evaluations/counted-evaluation.js';
import type { FlagJson, ServedFlag, WrittenAnswer } from './served-flag.js';

/** A flag that is the same for everybody, with what it is. */
export interface ConstantFlag {
  readonly flag: ServedFlag;
  readonly answer: Answer;
  readonly written: WrittenAnswer;
}

/** Flags in a row that are the same for everybody, which most flags are as a rule: they are written once, together. */
export class ConstantFlags {
  readonly tally: EvaluationTally = { evaluations: 0 };
  readonly json: FlagJson;

  constructor(readonly flags: readonly ConstantFlag[]) {
    this.json = Buffer.concat(flags.map(({ written }) => written.json));
  }
}

/** The flags in the same order, compiled, with those that are the same for everybody put together. */
export function gather(flags: readonly ServedFlag[]): (CompiledFlag | ConstantFlags)[] {
  const parts: (CompiledFlag | ConstantFlags)[] = [];
  let run: ConstantFlag[] = [];
  const endRun = (): void => {
    if (run.length > 0) parts.push(new ConstantFlags(run));
    run = [];
  };
  for (const flag of flags) {
    const answer = constantAnswer(flag);
    if (answer) run.push({ flag, answer, written: flag.write(answer) });
    else {
      endRun();
      parts.push(flag.compiled);
    }
  }
  endRun();
  return parts;
}

function constantAnswer({ compiled: { targetings, defaultStrategy } }: ServedFlag): Answer | undefined {
  return targetings.length === 0 && defaultStrategy.type === 'basic' ? defaultStrategy.answer : undefined;
}

import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Frame } from '../cel/evaluation.js';
import { Meter } from '../cel/meter.js';
import { LOGGER } from '../config/config.module.js';
import type { Facts } from '../facts/facts.js';
import { FactsReader, NO_FACTS } from '../facts/facts.js';
import { subjectOf } from '../facts/facts-subject.js';
import { unexpectedToLog } from '../feature-flags/unexpected-failures.js';
import { REQUEST_BUDGET } from '../flag-evaluation/budgets.js';
import { rolloutState } from '../flag-evaluation/compiled-flag.js';
import type { CompiledFlag } from '../flag-evaluation/compiled-flag.js';
import { evaluate } from '../flag-evaluation/evaluate.js';
import type { Answer, Evaluation, EvaluationRequest } from '../flag-evaluation/evaluation.js';
import type { CountedEvaluation } from '../flag-evaluations/counted-evaluation.js';
import { EvaluationCounts } from '../flag-evaluations/evaluation-counts.js';
import { then } from '../soon.js';
import type { Soon } from '../soon.js';
import { ConstantFlags } from './constant-flags.js';
import type { EvaluationInput } from './evaluation-input.js';
import { readInput } from './evaluation-input.js';
import type { FlagSnapshot } from './flag-snapshot.js';
import { namesTag } from './if-none-match.js';
import { flagNotFound } from './ofrep.errors.js';
import type { FlagJson, ServedFlag, WrittenAnswer } from './served-flag.js';
import { writtenBefore } from './served-flag.js';
import { ServedFlags } from './served-flags.js';

/** Units that are spent at a stretch: some 5 ms, after which other requests have their turn. */
const LONGEST_STRETCH = 250_000;

/** The answer to an evaluation of one flag: 200, or 400 where it could not be evaluated. */
export interface FlagAnswer {
  readonly status: 200 | 400;
  readonly json: FlagJson;
}

/** The answer to an evaluation of all flags. Without any the client has them already. */
export interface BulkAnswer {
  readonly tag: string;
  /** Of the flags that were evaluated. */
  readonly version: string;
  readonly flags: readonly FlagJson[] | undefined;
}

interface BulkRequest {
  readonly organizationId: string;
  readonly snapshot: FlagSnapshot;
  readonly body: Buffer;
  readonly ifNoneMatch: string | undefined;
}

interface BulkState {
  readonly organizationId: string;
  readonly snapshot: FlagSnapshot;
  readonly request: EvaluationRequest;
  readonly done: FlagJson[];
}

/** The time by which date rollouts go. */
@Injectable()
export class EvaluationClock {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now();
  }
}

/** Evaluates flags of the organizations for requests in the protocol's form, and writes the answers. */
@Injectable()
export class OfrepEvaluator {
  private readonly onUnexpected: NonNullable<EvaluationRequest['onUnexpected']>;

  constructor(
    private readonly served: ServedFlags,
    private readonly facts: FactsReader,
    private readonly clock: EvaluationClock,
    private readonly counts: EvaluationCounts,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.onUnexpected = unexpectedToLog(logger);
  }

  /** @throws OfrepRefusal 404. Throws or rejects with whatever kept it from being evaluated. */
  one(organizationId: string, key: string, input: EvaluationInput): Soon<FlagAnswer> {
    return then(this.served.store.find(organizationId), (snapshot) => {
      const flag = snapshot.find(key);
      if (flag === undefined) throw flagNotFound();
      return then(flag.compile(), () =>
        then(this.factsFor(organizationId, flag.compiled.readsFacts, input), (facts) => {
          const evaluation = evaluate(flag.compiled, this.begin(input, facts));
          const json = this.give(organizationId, flag, evaluation);
          return { status: evaluation.errorCode === undefined ? 200 : 400, json };
        }),
      );
    });
  }

  /**
   * @param body of the request.
   * @param ifNoneMatch the request's header. Where it names the answer, nothing is evaluated.
   * @throws OfrepRefusal. Throws or rejects with whatever kept them from being evaluated.
   */
  all(organizationId: string, body: Buffer, ifNoneMatch: string | undefined): Soon<BulkAnswer> {
    // Whoever names a tag that is right has sent the same body before, and it was read then. `*` names any.
    const mayBeKnown = ifNoneMatch !== undefined && !ifNoneMatch.includes('*');
    const input = mayBeKnown ? undefined : readInput(body);
    return then(this.served.store.find(organizationId), (snapshot) =>
      then(snapshot.compile(), () => {
        const asked: BulkRequest = { organizationId, snapshot, body, ifNoneMatch };
        return input === undefined ? this.allAgain(asked) : this.allFor(asked, input);
      }),
    );
  }

  private allAgain(asked: BulkRequest): Soon<BulkAnswer> {
    const { snapshot, body } = asked;
    if (snapshot.goesByContextAlone) {
      const answer = unchanged(asked, tagOf(asked, NO_FACTS, ''));
      if (answer) return answer;
    }
    return this.allFor(asked, readInput(body));
  }

  private allFor(asked: BulkRequest, input: EvaluationInput): Soon<BulkAnswer> {
    const { organizationId, snapshot } = asked;
    return then(this.factsFor(organizationId, snapshot.readsFacts, input), (facts) => {
      const request = this.begin(input, facts);
      const tag = tagOf(asked, facts, sidesOf(snapshot, request));
      const state: BulkState = { organizationId, snapshot, request, done: [] };
      return (
        unchanged(asked, tag) ?? then(this.goOn(state), () => ({ tag, version: snapshot.version, flags: state.done }))
      );
    });
  }

  /** Evaluates flags until all are done, with pauses for other requests. */
  private goOn(state: BulkState): Soon<void> {
    if (!this.goOnForAWhile(state)) return this.goOnInTurns(state);
  }

  private async goOnInTurns(state: BulkState): Promise<void> {
    do await nextTurn();
    while (!this.goOnForAWhile(state));
  }

  /** Evaluates flags until all are done or it has taken long enough. @returns whether all are done. */
  private goOnForAWhile(state: BulkState): boolean {
    const { done } = state;
    const { parts } = state.snapshot;
    const { meter } = state.request.frame;
    const stop = meter.spent + LONGEST_STRETCH;
    for (let index = done.length; index < parts.length; index += 1) {
      if (meter.spent > stop) return false;
      const part = parts[index]!;
      done.push(part instanceof ConstantFlags ? this.giveConstants(state, part) : this.giveOne(state, part));
    }
    return true;
  }

  /** Mostly an answer that was given before, for which there is nothing else to be looked at: memory is what most of the time goes to. */
  private giveOne({ organizationId, snapshot, request }: BulkState, flag: CompiledFlag): FlagJson {
    const evaluation = evaluate(flag, request);
    const written = writtenBefore(evaluation);
    if (written === undefined || (written.tally.evaluations === 0 && this.counts.isOn)) {
      return this.give(organizationId, snapshot.find(flag.definition.slug)!, evaluation);
    }
    written.tally.evaluations += 1;
    return written.json;
  }

  /** What the flags would be one by one. */
  private giveConstants({ organizationId, request }: BulkState, constants: ConstantFlags): FlagJson {
    const { flags, json } = constants;
    const { meter } = request.frame;
    if (meter.spent >= meter.limit) {
      return Buffer.concat(flags.map(({ flag }) => this.give(organizationId, flag, evaluate(flag.compiled, request))));
    }
    if (this.counts.isOn && (constants.tally.evaluations += 1) === 1) {
      this.counts.begin(
        constants.tally,
        flags.map(({ flag, answer }) => countedOf(organizationId, flag, answer)),
      );
    }
    return json;
  }

  /** The evaluation as the protocol has it, in JSON, and counted. */
  private give(organizationId: string, flag: ServedFlag, evaluation: Evaluation): FlagJson {
    const { counts } = this;
    if (evaluation.errorCode !== undefined) {
      if (counts.isOn) counts.add({ organizationId, flagId: flag.definition.id, reason: 'ERROR' });
      return flag.writeFailure(evaluation);
    }
    const written = flag.write(evaluation);
    if (counts.isOn && (written.tally.evaluations += 1) === 1)
      this.beginCount(organizationId, flag, evaluation, written);
    return written.json;
  }

  /** What is written anew each time does not come again. */
  private beginCount(organizationId: string, flag: ServedFlag, answer: Answer, written: WrittenAnswer): void {
    const counted = countedOf(organizationId, flag, answer);
    if (writtenBefore(answer) === undefined) this.counts.add(counted);
    else this.counts.begin(written.tally, [counted]);
  }

  private begin({ context, targetingKey }: EvaluationInput, { facts }: Facts): EvaluationRequest {
    const { onUnexpected } = this;
    const frame = new Frame(context, facts, new Meter(REQUEST_BUDGET));
    return { frame, targetingKey, now: this.clock.now(), onUnexpected };
  }

  private factsFor(organizationId: string, areRead: boolean, { context, targetingKey }: EvaluationInput): Soon<Facts> {
    return areRead ? this.facts.find(organizationId, subjectOf(context, targetingKey)) : NO_FACTS;
  }
}

/** Copied, so that a count keeps nothing else of the flag in memory. */
const countedOf = (
  organizationId: string,
  flag: ServedFlag,
  { variant: { id, name }, reason }: Answer,
): CountedEvaluation => ({
  organizationId,
  flagId: flag.definition.id,
  variant: { id, name },
  reason,
});

/**
 * An entity tag (RFC 9110, section 8.8.3) of what an evaluation of all flags would answer, from all that the answer depends on: the
 * organization and its flags, what the client sent, the facts that rules read, and the sides of date rollouts.
 *
 * It is weak: two answers with the same evaluations may announce a stream under another ticket, or none, so that their bytes differ.
 */
function tagOf({ snapshot, body }: BulkRequest, facts: Facts, sides: string): string {
  // Byte for byte, which is as good and takes less time than as UTF-8.
  const text = body.toString('latin1');
  const all = `${snapshot.version}\n${facts.version}\n${sides}\n${text}`;
  return `W/"${hash('sha256', all, 'base64url')}"`;
}

/** The side of each date rollout that the key is on by now. */
function sidesOf({ datedFlags }: FlagSnapshot, { targetingKey, now }: EvaluationRequest): string {
  return datedFlags.map(({ compiled }) => rolloutState(compiled, targetingKey, now)).join();
}

/** The answer where the client has what the tag names. */
function unchanged({ ifNoneMatch, snapshot: { version } }: BulkRequest, tag: string): BulkAnswer | undefined {
  return namesTag(ifNoneMatch, tag) ? { tag, version, flags: undefined } : undefined;
}

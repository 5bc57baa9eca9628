import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Principal } from '../auth/principal.js';
import { Frame } from '../cel/evaluation.js';
import { Meter } from '../cel/meter.js';
import { LOGGER } from '../config/config.module.js';
import { FactsReader, NO_FACTS } from '../facts/facts.js';
import { subjectOf } from '../facts/facts-subject.js';
import { REQUEST_BUDGET } from '../flag-evaluation/budgets.js';
import type { CompiledFlag } from '../flag-evaluation/compiled-flag.js';
import { compileFlagInSteps } from '../flag-evaluation/compiled-flag.js';
import type { Variant } from '../flag-evaluation/definition.js';
import type { Evaluation } from '../flag-evaluation/evaluation.js';
import type { ExplainedTargeting } from '../flag-evaluation/explain.js';
import { explain } from '../flag-evaluation/explain.js';
import type { WhyNot } from '../flag-evaluation/why-not.js';
import { whyNot } from '../flag-evaluation/why-not.js';
import { validationFailed } from '../http/problem.js';
import { contextOf } from './asked-context.js';
import { takeSteps } from '../http/steps.js';
import type { ExplainedTargetingDto, FlagExplanationDto, FlagExplanationRequestDto } from './dto/explain.dto.js';
import type { FeatureFlag } from './feature-flag.entity.js';
import { FeatureFlagsService } from './feature-flags.service.js';
import { maySeeFacts } from './shown-facts.js';
import { unexpectedToLog } from './unexpected-failures.js';

/** Tells why a flag is what it is for somebody. Nothing of it is kept, and it is no evaluation that is counted. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly flags: FeatureFlagsService,
    private readonly facts: FactsReader,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param reference slug or id. @param principal whose scopes decide whether facts are shown.
   * @throws Problem 404, 422 for a context that no evaluation takes, and for a variant that the flag does not have.
   */
  async explain(
    reference: string,
    input: FlagExplanationRequestDto,
    principal: Principal,
  ): Promise<FlagExplanationDto> {
    const row = await this.flags.get(reference);
    const context = contextOf(input);
    const { targetingKey } = context;
    const asked = input.variant === undefined ? undefined : variantOf(row, input.variant);
    const { facts } = await this.facts.find(principal.organization.id, subjectOf(context, targetingKey));
    const factsRedacted = !maySeeFacts(principal);

    const flag = await takeSteps(compileFlagInSteps(row));
    const frame = new Frame(context, facts, new Meter(REQUEST_BUDGET));
    const request = { frame, targetingKey, now: Date.now(), onUnexpected: unexpectedToLog(this.logger) };
    const explanation = explain(flag, request);
    const { evaluation, askedLast, targetings, strategy, bucket } = explanation;
    const secretive = factsRedacted ? readersOfFacts(flag) : new Set<string>();
    return {
      key: row.slug,
      evaluatedAt: new Date(request.now).toISOString(),
      ...answerOf(evaluation),
      brokenRules: evaluation.brokenRules ?? [],
      facts: factsRedacted ? NO_FACTS.facts : facts,
      factsRedacted,
      targetings: targetings.map((targeting) => show(targeting, secretive.has(targeting.name))),
      decidedBy: typeof askedLast === 'number' ? 'targeting' : askedLast,
      strategy,
      bucket,
      whyNot: asked && {
        variant: asked.name,
        reasons: whyNot(flag, request, explanation, asked).map((reason) => redact(reason, secretive)),
      },
    };
  }
}

type Answered = Pick<FlagExplanationDto, 'variant' | 'value' | 'reason' | 'errorCode' | 'errorDetails' | 'matchedRule'>;

function answerOf(evaluation: Evaluation): Answered {
  if (evaluation.errorCode === undefined) {
    const { variant, value, reason, matchedRule } = evaluation;
    return { variant: variant.name, value, reason, matchedRule };
  }
  const { errorCode, errorDetails } = evaluation;
  return { reason: 'ERROR', errorCode, errorDetails };
}

/** Names of the targetings whose rules could say something of the facts when they fail. */
const readersOfFacts = ({ targetings }: CompiledFlag): Set<string> =>
  new Set(targetings.filter(({ rule }) => rule?.readsFacts).map(({ name }) => name));

function show({ name, outcome, because, failure }: ExplainedTargeting, isSecretive: boolean): ExplainedTargetingDto {
  const { message, line, column } = failure ?? {};
  return { name, outcome, because, message: isSecretive ? undefined : message, line, column };
}

/** The reason without the words of a rule's failure, which may quote facts. */
function redact(reason: WhyNot, secretive: ReadonlySet<string>): WhyNot {
  const tells = reason.because === 'targeting_broken' && secretive.has(reason.targeting!);
  return tells ? { ...reason, detail: 'Its rule failed.' } : reason;
}

/** @throws Problem 422 */
function variantOf({ variants }: FeatureFlag, reference: string): Variant {
  const variant = variants.find(({ name }) => name === reference) ?? variants.find(({ id }) => id === reference);
  if (variant) return variant;
  throw validationFailed([{ location: 'body.variant', message: 'is no variant of this flag', value: reference }]);
}

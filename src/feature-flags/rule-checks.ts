import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Principal } from '../auth/principal.js';
import { Frame } from '../cel/evaluation.js';
import { Meter } from '../cel/meter.js';
import { RuleFailure } from '../cel/rule-failure.js';
import { compileRule } from '../cel/rule.js';
import type { Rule } from '../cel/rule.js';
import { LOGGER } from '../config/config.module.js';
import { FactsReader, NO_FACTS } from '../facts/facts.js';
import { subjectOf } from '../facts/facts-subject.js';
import { RULE_BUDGET } from '../flag-evaluation/budgets.js';
import { UNEXPECTED } from '../flag-evaluation/evaluate.js';
import type { JsonObject } from '../http/json.js';
import { contextOf } from './asked-context.js';
import type {
  TargetingRuleRehearsalDto,
  TargetingRuleTrialDto,
  TargetingRuleVerdictDto,
} from './dto/rule-check.dto.js';
import { FACT_SHAPE } from './fact-shape.js';
import { maySeeFacts } from './shown-facts.js';
import { logUnexpected } from './unexpected-failures.js';

/** Says of rules that are not stored what would become of them. */
@Injectable()
export class RuleChecks {
  constructor(
    private readonly facts: FactsReader,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The verdict that a write would come to, in the same words. */
  lint(rule: string): TargetingRuleVerdictDto {
    const { issues = [] } = compileRule(rule, FACT_SHAPE);
    return { valid: issues.length === 0, issues };
  }

  /**
   * Runs a rule as an evaluation would. A rule with issues is not run, and one that fails does not hold.
   *
   * @throws Problem 422 for a context that no evaluation takes.
   */
  async rehearse(trial: TargetingRuleTrialDto, principal: Principal): Promise<TargetingRuleRehearsalDto> {
    const context = contextOf(trial);
    const { facts } = await this.facts.find(principal.organization.id, subjectOf(context, context.targetingKey));
    const { rule, issues = [] } = compileRule(trial.rule, FACT_SHAPE);
    const factsRedacted = maySeeFacts(principal) ? undefined : true;
    return {
      facts: factsRedacted ? NO_FACTS.facts : facts,
      factsRedacted,
      issues,
      valid: issues.length === 0,
      ...(rule ? this.run(rule, context, facts, factsRedacted === true && rule.readsFacts) : { matched: false }),
    };
  }

  /** @param isSecretive leaves out the words of a failure, which may quote facts. */
  private run(
    rule: Rule,
    context: JsonObject,
    facts: JsonObject,
    isSecretive: boolean,
  ): { matched: boolean; evaluationError?: string } {
    try {
      return { matched: rule.matches(new Frame(context, facts, new Meter(RULE_BUDGET))) };
    } catch (error) {
      if (!(error instanceof RuleFailure)) logUnexpected(this.logger, error);
      return {
        matched: false,
        evaluationError: wordsOf(error instanceof RuleFailure ? error : UNEXPECTED, isSecretive),
      };
    }
  }
}

function wordsOf({ message, line, column }: RuleFailure, isSecretive: boolean): string {
  const place = line === undefined ? '' : ` (line ${line}, column ${column})`;
  return `${isSecretive ? 'the rule failed' : message}${place}`;
}

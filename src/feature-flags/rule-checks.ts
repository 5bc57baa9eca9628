import { Injectable } from '@nestjs/common';
import { Meter } from '../cel/meter.js';
import { RuleFailure } from '../cel/rule-failure.js';
import { compileRule } from '../cel/rule.js';
import type { Rule } from '../cel/rule.js';
import { FactsReader } from '../facts/facts.js';
import { subjectOf } from '../facts/facts-subject.js';
import { RULE_BUDGET } from '../flag-evaluation/budgets.js';
import type { JsonObject } from '../http/json.js';
import { currentOrganizationId } from '../tenancy/tenant-context.js';
import type {
  TargetingRuleRehearsalDto,
  TargetingRuleTrialDto,
  TargetingRuleVerdictDto,
} from './dto/rule-check.dto.js';
import { FACT_SHAPE } from './fact-shape.js';

/** Says of rules that are not stored what would become of them. */
@Injectable()
export class RuleChecks {
  constructor(private readonly facts: FactsReader) {}

  /** The verdict that a write would come to, in the same words. */
  lint(rule: string): TargetingRuleVerdictDto {
    const { issues = [] } = compileRule(rule, FACT_SHAPE);
    return { valid: issues.length === 0, issues };
  }

  /** Runs a rule as an evaluation would. A rule with issues is not run, and one that fails does not hold. */
  async rehearse({
    rule: source,
    context = {},
    targetingKey,
  }: TargetingRuleTrialDto): Promise<TargetingRuleRehearsalDto> {
    const { __kaiten: _, ...sent } = context;
    const attributes = targetingKey === undefined ? sent : { ...sent, targetingKey };
    const { facts } = await this.facts.find(currentOrganizationId()!, subjectOf(attributes, keyOf(attributes)));
    const { rule, issues = [] } = compileRule(source, FACT_SHAPE);
    return { facts, issues, valid: issues.length === 0, ...(rule ? run(rule, attributes, facts) : { matched: false }) };
  }
}

/** Applications send the targeting key within the context. */
const keyOf = ({ targetingKey }: JsonObject): string | undefined =>
  typeof targetingKey === 'string' ? targetingKey : undefined;

function run(rule: Rule, context: JsonObject, facts: JsonObject): { matched: boolean; evaluationError?: string } {
  try {
    return { matched: rule.matches(context, facts, new Meter(RULE_BUDGET)) };
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    const { message, line, column } = error;
    const place = line === undefined ? '' : ` (line ${line}, column ${column})`;
    return { matched: false, evaluationError: `${message}${place}` };
  }
}

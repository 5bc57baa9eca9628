import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Logger } from 'pino';
import { aDefinition, basic, targeting } from '../../test/support/evaluated-flags.js';
import type { Principal } from '../auth/principal.js';
import { Rule } from '../cel/rule.js';
import type { FactsReader } from '../facts/facts.js';
import { NO_FACTS } from '../facts/facts.js';
import { ExplainService } from './explain.service.js';
import type { FeatureFlagsService } from './feature-flags.service.js';
import { RuleChecks } from './rule-checks.js';

/** A rule cannot do this by itself: it is a mistake of ours. */
const MISTAKE = new TypeError('no function secret');
const RULE = 'plan == "pro"';

describe('a mistake of ours in a rule', () => {
  const logged: unknown[] = [];
  const logger = { error: (...entry: unknown[]) => logged.push(entry) } as unknown as Logger;
  const facts = { find: () => NO_FACTS } as unknown as FactsReader;
  const principal = { organization: { id: 'org' }, scopes: ['read:feature_flags'] } as unknown as Principal;

  beforeEach(() => {
    logged.length = 0;
    jest.spyOn(Rule.prototype, 'matches').mockImplementation(() => {
      throw MISTAKE;
    });
  });
  afterEach(() => void jest.restoreAllMocks());

  it('is logged when the flag is explained, and the rule is broken', async () => {
    const flag = aDefinition({ targetings: [targeting(RULE, basic('b'), 'pro')] });
    const flags = { get: () => Promise.resolve(flag) } as unknown as FeatureFlagsService;
    const service = new ExplainService(flags, facts, logger);
    const explanation = await service.explain(flag.slug, { context: {} }, principal);
    expect(explanation).toMatchObject({ variant: 'name of a', brokenRules: ['pro'] });
    expect(logged).toEqual([
      [expect.objectContaining({ flagId: flag.id, targeting: 'pro', error: 'TypeError' }), expect.any(String)],
    ]);
    expect(JSON.stringify(logged)).not.toMatch('secret');
  });

  it('is logged when the rule is tested, which does not hold', async () => {
    const tested = await new RuleChecks(facts, logger).rehearse({ rule: RULE, context: {} }, principal);
    expect(tested).toMatchObject({ valid: true, matched: false, evaluationError: 'the rule cannot be run' });
    expect(logged).toEqual([[expect.objectContaining({ error: 'TypeError' }), expect.any(String)]]);
    expect(JSON.stringify(logged)).not.toMatch('secret');
  });
});

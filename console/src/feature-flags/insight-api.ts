import type { Schemas } from '../api/client';
import { api, body } from '../api/client';

export type Explanation = Schemas['FlagExplanation'];
export type ExplainedTargeting = Schemas['ExplainedTargeting'];
export type WhyNotReason = Schemas['WhyNotReason'];
export type Rehearsal = Schemas['TargetingRuleRehearsal'];

/** An object as JSON has it; the generated types know none of whose fields nothing is known. */
export type Context = Readonly<Record<string, unknown>>;

export const explainFlag = (slug: string, context: Context, variant?: string): Promise<Explanation> =>
  body(
    api.POST('/feature-flags/{featureFlagSlug}/explain', {
      params: { path: { featureFlagSlug: slug } },
      body: { context, variant },
    }),
  );

export const testRule = (rule: string, context: Context): Promise<Rehearsal> =>
  body(api.POST('/feature-flags/targeting/test', { body: { rule, context } }));

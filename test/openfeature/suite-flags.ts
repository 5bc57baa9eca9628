import type { Api } from '../support/api.js';
import { createFlag, when } from '../support/flags.js';

/** What an object flag has for everybody. */
export const SETTINGS = { engine: 'semantic', results: 20, weights: [0.5, 1], deep: { rerank: true } };

/** Rules that each cost more than one may: sixteen flags of them leave nothing for the rest of a request. */
const HEAVY = ['1', '2', '3'].map((name) => ({ ...when('items.all(x, items.all(y, x + y >= 0.0))'), name }));
const HEAVY_FLAGS = 16;

/** With this in the context, a request for all flags runs out of its budget before it comes to `z-last`. */
export const COSTLY = { items: Array.from({ length: 3_000 }, (_, i) => i) };

/** Creates a flag of each type, one for each reason, and such as cannot be evaluated. */
export async function createSuiteFlags(api: Api): Promise<void> {
  const only = (type: string, name: string, value: unknown): object => ({
    type,
    variants: [{ name, description: '', value }],
    default_variant: { type: 'basic', value: name },
  });
  await createFlag(api, 'checkout', {
    metadata: { owner: 'web', retries: 3, beta: true, list: [1], fallback_value: true },
    targetings: [when('plan == "pro"')],
  });
  await createFlag(api, 'banner', only('string', 'greeting', 'こんにちは'));
  await createFlag(api, 'limit', only('number', 'large', 2.5));
  await createFlag(api, 'settings', only('object', 'semantic', SETTINGS));
  await createFlag(api, 'half', {
    default_variant: { type: 'rollout_percentage', distribution: { on: 100, off: 0 } },
  });
  await createFlag(api, 'retired', { enabled: false, targetings: [when('true')] });
  for (let i = 10; i < 10 + HEAVY_FLAGS; i += 1) await createFlag(api, `x-heavy-${i}`, { targetings: HEAVY });
  await createFlag(api, 'z-last', only('string', 'last', 'last'));
}

import type { FeatureFlagInput } from '../feature-flags/feature-flags.service.js';

/** A flag of each type: two that are the same for everybody, one with targeting, one with a percentage. */
export const DEMO_FLAGS = [
  {
    name: 'New checkout',
    slug: 'new-checkout',
    description: 'The checkout in one page, for a quarter of all users.',
    type: 'boolean',
    enabled: true,
    event_name: 'new_checkout_evaluated',
    metadata: { owner: 'checkout-team', fallback_value: false },
    variants: [
      { name: 'on', description: 'The checkout in one page.', value: true },
      { name: 'off', description: 'The checkout in three steps.', value: false },
    ],
    default_variant: { type: 'rollout_percentage', distribution: { on: 25, off: 75 } },
    targetings: [],
  },
  {
    name: 'Banner',
    slug: 'banner',
    description: 'What the dashboard says at the top; another thing to customers on trial.',
    type: 'string',
    enabled: true,
    event_name: 'banner_evaluated',
    metadata: { owner: 'growth-team', fallback_value: '' },
    variants: [
      { name: 'none', description: 'No banner.', value: '' },
      { name: 'trial', description: 'For those who may yet decide.', value: 'Your trial ends soon.' },
    ],
    default_variant: { type: 'basic', value: 'none' },
    targetings: [
      {
        type: 'basic',
        name: 'on trial',
        rule: "has(__kaiten.instance.lifecycleStage) && __kaiten.instance.lifecycleStage == 'TRIAL'",
        variant: 'trial',
      },
    ],
  },
  {
    name: 'Upload limit',
    slug: 'upload-limit',
    description: 'Megabytes that a file may have.',
    type: 'number',
    enabled: true,
    event_name: 'upload_limit_evaluated',
    metadata: { owner: 'platform-team', fallback_value: 10 },
    variants: [
      { name: 'standard', description: 'For all.', value: 50 },
      { name: 'large', description: 'For those who deal with films.', value: 2_000 },
    ],
    default_variant: { type: 'basic', value: 'standard' },
    targetings: [],
  },
  {
    name: 'Search settings',
    slug: 'search-settings',
    description: 'How search ranks, and how much it shows.',
    type: 'object',
    enabled: true,
    event_name: 'search_settings_evaluated',
    metadata: { owner: 'search-team', fallback_value: { engine: 'classic', results: 10 } },
    variants: [
      { name: 'classic', description: 'By words.', value: { engine: 'classic', results: 10 } },
      { name: 'semantic', description: 'By meaning.', value: { engine: 'semantic', results: 20, rerank: true } },
    ],
    default_variant: { type: 'basic', value: 'classic' },
    targetings: [],
  },
] as const satisfies readonly (FeatureFlagInput & { slug: string })[];

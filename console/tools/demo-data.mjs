/** An organization that could be: what the pictures in docs/screenshots/ show. Days are counted back from the present. */

export const ORGANIZATION = { name: 'Hanabi Software', slug: 'hanabi', port: Number(process.env.CONSOLE_PORT ?? 3000) };

/** name, domain, days ago, its instances: [name, status, lifecycle stage] */
export const CUSTOMERS = [
  [
    'Aozora Logistics',
    'aozora-logistics.example',
    402,
    [
      ['Production', 'HEALTHY', 'ACTIVE'],
      ['Staging', 'HEALTHY', 'ACTIVE'],
    ],
  ],
  ['Brauhaus Lindner', 'brauhaus-lindner.example', 377, [['Production', 'HEALTHY', 'ACTIVE']]],
  [
    'Café Lumière',
    'cafe-lumiere.example',
    341,
    [
      ['Paris', 'HEALTHY', 'ACTIVE'],
      ['Lyon', 'DEGRADED', 'ACTIVE'],
    ],
  ],
  [
    'Delta Meridian Holdings',
    'delta-meridian.example',
    300,
    [
      ['EU', 'HEALTHY', 'ACTIVE'],
      ['US', 'INCIDENT', 'ACTIVE'],
      ['APAC', 'HEALTHY', 'TRIAL'],
    ],
  ],
  ['Fjordline Shipping', 'fjordline.example', 266, [['Production', 'MAINTENANCE', 'ACTIVE']]],
  ['Greenfield Robotics', 'greenfield-robotics.example', 214, [['Production', 'HEALTHY', 'TRIAL']]],
  ['Hôtel Belvédère', 'hotel-belvedere.example', 180, [['Production', 'HEALTHY', 'ACTIVE']]],
  [
    'Iron Bridge Insurance',
    'ironbridge.example',
    133,
    [
      ['Claims', 'HEALTHY', 'ACTIVE'],
      ['Underwriting', 'HEALTHY', 'TRIAL'],
    ],
  ],
  ['Kinoshita Clinic', 'kinoshita-clinic.example', 96, [['Production', 'HEALTHY', 'ACTIVE']]],
  ['Lumen & Co', 'lumen.example', 61, [['Production', 'DEGRADED', 'TRIAL']]],
  [
    'Mare Nostrum Foods',
    'mare-nostrum.example',
    27,
    [
      ['Production', 'HEALTHY', 'TRIAL'],
      ['Sandbox', 'HEALTHY', 'TRIAL'],
    ],
  ],
  ['Northwind Energy', 'northwind-energy.example', 9, [['Production', 'HEALTHY', 'TRIAL']]],
  ['Old Town Press', 'oldtown-press.example', 2, []],
];

/** Of the instance whose page is shown. */
export const METADATA = {
  region: 'eu-west-1',
  plan: 'enterprise',
  seats: 250,
  contacts: { technical: 'ops@delta-meridian.example', billing: 'accounts@delta-meridian.example' },
  features: ['sso', 'audit-log', 'priority-support'],
};

/** name, days ago, its tokens: [name, scopes, days ago, days until it expires or null, what happened: days since used, and how it ended] */
export const ACCOUNTS = [
  [
    'my-app-backend',
    190,
    [
      [
        'production',
        ['read:customers', 'read:instances', 'read:feature_flags'],
        61,
        29,
        { used: 0.002, from: '203.0.113.24', cidrs: ['203.0.113.0/24'] },
      ],
      ['staging', ['read:*'], 61, 29, { used: 0.2, from: '203.0.113.31' }],
      ['migration', ['write:customers', 'write:instances', 'read:*'], 92, 6, { used: 4, from: '198.51.100.7' }],
      ['before the move', ['read:customers'], 190, null, { used: 121, from: '198.51.100.7' }],
      ['laptop', ['write:*'], 150, 60, { revoked: 149.5 }],
      ['last year', ['read:*'], 190, -100, { used: 101, from: '203.0.113.24' }],
    ],
  ],
  [
    'billing-sync',
    160,
    [['nightly', ['read:customers', 'read:licenses', 'read:entitlements'], 40, 50, { used: 0.4, from: '192.0.2.80' }]],
  ],
  [
    'ci',
    120,
    [
      [
        'github-actions',
        ['write:releases', 'write:components', 'read:feature_flags'],
        20,
        70,
        { used: 0.05, from: '192.0.2.15' },
      ],
    ],
  ],
  [
    'terraform',
    88,
    [
      ['plan', ['read:*'], 30, 60, {}],
      [
        'apply',
        ['write:deployment_zones', 'write:components', 'write:webhooks'],
        30,
        60,
        { used: 3, from: '192.0.2.16' },
      ],
    ],
  ],
  [
    'support-dashboard',
    45,
    [['readonly', ['read:customers', 'read:instances'], 44, null, { used: 0.01, from: '203.0.113.40' }]],
  ],
  ['data-warehouse', 12, []],
];

/** Flags besides those of the demo: what they are, and how often which variant was given out in an hour of a working day. */
export const FLAGS = [
  {
    name: 'AI assistant',
    slug: 'ai-assistant',
    description:
      'The assistant beside every ticket. Staff first, then enterprise, then a growing share of everybody else.',
    type: 'string',
    enabled: true,
    event_name: 'ai_assistant_evaluated',
    metadata: { owner: 'assist-team', ticket: 'AI-214', fallback_value: 'off' },
    variants: [
      { name: 'off', description: 'No assistant.', value: 'off' },
      { name: 'suggestions', description: 'Suggests answers, sends none.', value: 'suggestions' },
      { name: 'autopilot', description: 'Answers what it is sure of.', value: 'autopilot' },
    ],
    default_variant: { type: 'rollout_percentage', distribution: { off: 70, suggestions: 30 } },
    targetings: [
      {
        type: 'basic',
        name: 'staff',
        rule: `has(user.email) && user.email.endsWith('@hanabi.example')`,
        variant: 'autopilot',
      },
      {
        type: 'rollout_percentage',
        name: 'enterprise',
        rule: `has(user.plan) && user.plan == 'enterprise' && has(__kaiten.instance.lifecycleStage) && __kaiten.instance.lifecycleStage == 'ACTIVE'`,
        distribution: { suggestions: 50, autopilot: 50 },
      },
      {
        type: 'basic',
        name: 'opted out',
        rule: `has(user.preferences) && 'no-ai' in user.preferences`,
        variant: 'off',
      },
    ],
  },
  {
    name: 'Maintenance mode',
    slug: 'maintenance-mode',
    description: 'Shows a notice in place of the application.',
    type: 'boolean',
    enabled: false,
    event_name: 'maintenance_mode_evaluated',
    metadata: { owner: 'platform-team', fallback_value: false },
    variants: [
      { name: 'on', description: 'The notice.', value: true },
      { name: 'off', description: 'The application.', value: false },
    ],
    default_variant: { type: 'basic', value: 'off' },
    targetings: [],
  },
];

/** slug of a flag -> [variant, reason, evaluations in the busiest hour] */
export const EVALUATIONS = {
  'ai-assistant': [
    ['off', 'SPLIT', 2_300],
    ['suggestions', 'SPLIT', 980],
    ['suggestions', 'TARGETING_MATCH', 310],
    ['autopilot', 'TARGETING_MATCH', 420],
  ],
  'new-checkout': [
    ['off', 'SPLIT', 5_400],
    ['on', 'SPLIT', 1_780],
  ],
  banner: [
    ['none', 'DEFAULT', 3_900],
    ['trial', 'TARGETING_MATCH', 640],
  ],
  'upload-limit': [['standard', 'DEFAULT', 700]],
};

import { DataSource } from 'typeorm';
import { FeatureFlagsService } from '../dist/src/feature-flags/feature-flags.service.js';
import { createOrganization, systemUser } from '../dist/src/organizations/organizations.js';
import { runAsOrganization } from '../dist/src/tenancy/tenant-context.js';
import { mintToken } from './database.mjs';

/** Conditions of each rule, and rules of each flag, in the organization that has many. */
const CONDITIONS = 15;
const RULES = 15;

/** What the organizations have: their answers are some 2 kB, 100 kB, and however much 50 flags make. */
const ORGANIZATIONS = {
  'flags-5': () => range(5).map((n) => ordinaryFlag(n, 250)),
  'flags-350': () => range(350).map((n) => ordinaryFlag(n, 150)),
  'flags-rules': () => range(50).map(flagOfManyRules),
};

/**
 * Creates the organizations whose flags are evaluated, where they are not there yet, and a token for each.
 *
 * @returns slug -> { id, token }
 */
export async function seedFlags(app, owner, say) {
  const organizations = {};
  for (const [slug, flagsOf] of Object.entries(ORGANIZATIONS)) {
    const [found] = await owner.query('SELECT id FROM organizations WHERE slug = $1', [slug]);
    const { id } = found ?? (await createOrganization(owner, { name: slug, slug }));
    await runAsOrganization(id, async () => {
      const token = await mintToken(app);
      const [{ n }] = await owner.query('SELECT count(*)::int AS n FROM feature_flags WHERE organization_id = $1', [
        id,
      ]);
      if (n === 0) {
        say(`Creating the flags of ${slug}...`);
        const author = await systemUser(app.get(DataSource));
        for (const flag of flagsOf()) await app.get(FeatureFlagsService).create(flag, author);
      }
      organizations[slug] = { id, token };
    });
  }
  return organizations;
}

/** Creates ordinary flags in the current organization. */
export async function createFlags(app, count) {
  const author = await systemUser(app.get(DataSource));
  for (const n of range(count)) await app.get(FeatureFlagsService).create(ordinaryFlag(n, 50), author);
}

/** What most flags are: of ten, six say always the same, three have a rule, and one is a percentage. */
function ordinaryFlag(n, length) {
  const values = ['on', 'off'].map((name) => ({ name, description: '', value: name.padEnd(length, '.') }));
  const kind = n % 10;
  return {
    ...common(n),
    type: 'string',
    variants: values,
    default_variant:
      kind === 9 ? { type: 'rollout_percentage', distribution: { on: 30, off: 70 } } : { type: 'basic', value: 'off' },
    targetings:
      kind >= 6 && kind < 9
        ? [{ type: 'basic', name: 'some', rule: `plan == "pro" && seats > ${n}`, variant: 'on' }]
        : [],
  };
}

/** None of its rules matches; the first condition of each that does not hold is as often the first as the last. */
function flagOfManyRules(n) {
  const rules = range(RULES).map((rule) => {
    const falseOne = (n * RULES + rule) % CONDITIONS;
    const conditions = range(CONDITIONS).map((index) => conditionOf(index, index !== falseOne));
    return { type: 'basic', name: `rule ${rule}`, rule: conditions.join(' && '), variant: 'on' };
  });
  return {
    ...common(n),
    type: 'boolean',
    variants: [
      { name: 'on', description: '', value: true },
      { name: 'off', description: '', value: false },
    ],
    default_variant: { type: 'basic', value: 'off' },
    targetings: rules,
  };
}

/** Of the kinds that rules are made of, about what `CONTEXT` has. */
function conditionOf(index, holds) {
  switch (index % 5) {
    case 0:
      return `plan == "${holds ? 'pro' : 'free'}"`;
    case 1:
      return `seats > ${holds ? index : 1_000 + index}`;
    case 2:
      return `country in ["FR", "${holds ? 'JP' : 'US'}", "DE"]`;
    case 3:
      return `user.group != "${holds ? 'guests' : 'staff'}"`;
    default:
      return `email.endsWith("${holds ? '.example' : '.invalid'}")`;
  }
}

function common(n) {
  const slug = `flag-${String(n).padStart(3, '0')}`;
  return { name: `Flag ${n}`, slug, description: null, enabled: true, event_name: slug, metadata: {} };
}

const range = (count) => Array.from({ length: count }, (_, index) => index);

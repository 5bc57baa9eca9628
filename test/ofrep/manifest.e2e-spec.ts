import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { createFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useApp();

const PATH = '/api/openfeature/v0/manifest';

describe(`GET ${PATH}`, () => {
  let org: TestOrganization;
  const values = (...all: unknown[]): object => ({
    variants: all.map((value, i) => ({ name: `v${i}`, description: '', value })),
    default_variant: { type: 'basic', value: 'v0' },
  });

  beforeAll(async () => {
    org = await anOrg();
    await createFlag(org.api, 'z-switch', {
      description: 'On or off.',
      metadata: { fallback_value: false },
      enabled: false,
    });
    await createFlag(org.api, 'whole', { type: 'number', metadata: { fallback_value: 3 }, ...values(1, 2) });
    await createFlag(org.api, 'broken', { type: 'number', metadata: { fallback_value: 3 }, ...values(1, 2.5) });
    await createFlag(org.api, 'text', { type: 'string', metadata: { fallback_value: '' }, ...values('a') });
    await createFlag(org.api, 'object', {
      type: 'object',
      metadata: { fallback_value: { a: 1 } },
      ...values({ b: 2 }),
    });
    await createFlag(org.api, 'not-for-code', { metadata: { owner: 'web' } });
  });

  it('200: flags with a fallback value, by slug, in the types of code generators', async () => {
    const { status, body, headers } = await (await org.as('read:feature_flags')).get(PATH);
    expect([status, body]).toEqual([
      200,
      {
        flags: [
          { key: 'broken', name: 'broken', type: 'float', defaultValue: 3 },
          { key: 'object', name: 'object', type: 'object', defaultValue: { a: 1 } },
          { key: 'text', name: 'text', type: 'string', defaultValue: '' },
          { key: 'whole', name: 'whole', type: 'integer', defaultValue: 3 },
          { key: 'z-switch', name: 'z-switch', type: 'boolean', defaultValue: false, description: 'On or off.' },
        ],
      },
    ]);
    expect(headers['x-manifest-capabilities']).toBe('read');
  });

  it('200: nothing of another organization', async () => {
    expect((await (await anOrg()).api.get(PATH)).body).toEqual({ flags: [] });
  });
});

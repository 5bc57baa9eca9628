import { beforeEach, describe, expect, it } from '@jest/globals';
import { Api, anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';
import { after, DAY, HOUR, setPolicy } from './support/token-policies.js';

useApp({ env: { TOKEN_USE_TRACKING: 'off' }, poolSize: 10 });

const PATH = '/api/token-policy';

let org: TestOrganization;
let api: Api;
let holder: TokenHolder;

beforeEach(async () => {
  org = await anOrg();
  api = org.api;
  holder = await aHolder(api);
});

const set = (policy: object): Promise<void> => setPolicy(api, policy);

describe('GET /api/token-policy', () => {
  it('200: nothing is asked until somebody asks it', async () => {
    const { status, body } = await api.get(PATH);
    expect([status, body]).toEqual([200, { expiryRequired: false }]);
  });

  it('200: the policy, and who set it when', async () => {
    const policy = { longestLifetimeDays: 90, expiryRequired: true, requiredCidrs: ['10.0.0.0/8', '2001:db8::/32'] };
    await set(policy);
    const { body } = await api.get(PATH);
    expect(body).toEqual({
      ...policy,
      updatedBy: { id: org.account.id, name: org.account.name },
      updatedAt: expect.any(String),
    });
    expect(Math.abs(Date.parse(body.updatedAt) - Date.now())).toBeLessThan(10_000);
  });

  it('200: each organization has its own', async () => {
    const other = await anOrg();
    await set({ longestLifetimeDays: 1 });
    expect((await other.api.get(PATH)).body).toEqual({ expiryRequired: false });
    expect((await (await aHolder(other.api)).create()).status).toBe(201);
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(PATH)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await (await org.as('write:users')).get(PATH)).body.detail).toBe('missing required scope: read:tokens');
  });
});

describe('PUT /api/token-policy', () => {
  it('204: replaces all of it, so what is left out is asked no longer', async () => {
    await set({ longestLifetimeDays: 90, requiredCidrs: ['10.0.0.0/8'] });
    const { status, text } = await api.put(PATH, { expiryRequired: true });
    expect([status, text]).toEqual([204, '']);
    expect((await api.get(PATH)).body).toMatchObject({ expiryRequired: true });
    expect(Object.keys((await api.get(PATH)).body)).toEqual(['expiryRequired', 'updatedBy', 'updatedAt']);
  });

  it('204: an empty one ends it', async () => {
    await set({ longestLifetimeDays: 90, expiryRequired: true, requiredCidrs: ['10.0.0.0/8'] });
    expect((await api.put(PATH, {})).status).toBe(204);
    expect((await api.get(PATH)).body).toMatchObject({ expiryRequired: false });
    expect(Object.keys((await api.get(PATH)).body)).toEqual(['expiryRequired', 'updatedBy', 'updatedAt']);
    expect((await holder.create()).status).toBe(201);
  });

  it('204: an answer sent back, its read-only fields included; networks in one form and each once', async () => {
    await set({ longestLifetimeDays: 7, requiredCidrs: ['2001:DB8::/32', '::ffff:10.0.0.0/104', '10.0.0.0/8'] });
    const { body } = await api.get(PATH);
    expect(body.requiredCidrs).toEqual(['2001:db8::/32', '10.0.0.0/8']);
    expect((await api.put(PATH, body)).status).toBe(204);
    expect((await api.get(PATH)).body).toEqual({ ...body, updatedAt: expect.any(String) });
  });

  it('204 for several at once, which leave one policy', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((longestLifetimeDays) => api.put(PATH, { longestLifetimeDays, expiryRequired: true })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(5).fill(204));
    const rows = await testApp().owner.query('SELECT FROM token_policies WHERE organization_id = $1', [org.org.id]);
    expect(rows).toHaveLength(1);
  });

  it('401 without a token', async () => {
    expect((await anonymous.put(PATH, { expiryRequired: false })).status).toBe(401);
  });

  it('403 with the scope to read only', async () => {
    expect((await (await org.as('read:*')).put(PATH, { expiryRequired: false })).body.detail).toBe(
      'missing required scope: write:tokens',
    );
  });

  it.each([
    [{ expiryRequired: 'true' }, 'body.expiryRequired'],
    [{ expiryRequired: null }, 'body.expiryRequired'],
    [{ expiryRequired: true, longestLifetimeDays: 0 }, 'body.longestLifetimeDays'],
    [{ expiryRequired: true, longestLifetimeDays: 36_501 }, 'body.longestLifetimeDays'],
    [{ expiryRequired: true, longestLifetimeDays: 1.5 }, 'body.longestLifetimeDays'],
    [{ expiryRequired: true, longestLifetimeDays: null }, 'body.longestLifetimeDays'],
    [{ expiryRequired: true, requiredCidrs: [] }, 'body.requiredCidrs'],
    [{ expiryRequired: true, requiredCidrs: Array<string>(51).fill('10.0.0.0/8') }, 'body.requiredCidrs'],
    [{ expiryRequired: true, requiredCidrs: ['10.0.0.0/8', '10.0.0.1/8'] }, 'body.requiredCidrs[1]'],
    [{ expiryRequired: true, requiredCidrs: null }, 'body.requiredCidrs'],
    [{ expiryRequired: true, graceDays: 1 }, 'body.graceDays'],
  ])('422 for %j, and nothing has changed', async (input, location) => {
    const { status, body } = await api.put(PATH, input);
    expect([status, body.errors[0].location]).toEqual([422, location]);
    expect((await api.get(PATH)).body).toEqual({ expiryRequired: false });
  });
});

describe('minting under a policy', () => {
  it.each<[object, string, () => object]>([
    [{ expiryRequired: true }, 'ExpiryRequired', () => ({})],
    [{ longestLifetimeDays: 30 }, 'LifetimeTooLong', () => ({})],
    [{ longestLifetimeDays: 30 }, 'LifetimeTooLong', () => ({ expiresAt: after(30 * DAY + HOUR) })],
    [{ longestLifetimeDays: 30, expiryRequired: true }, 'ExpiryRequired', () => ({})],
    [{ requiredCidrs: ['10.0.0.0/8'] }, 'NetworksRequired', () => ({})],
    [{ requiredCidrs: ['10.0.0.0/8'] }, 'NetworksNotWithin', () => ({ allowedCidrs: ['10.1.0.0/16', '11.0.0.0/8'] })],
    [{ requiredCidrs: ['10.0.0.0/8'] }, 'NetworksNotWithin', () => ({ allowedCidrs: ['0.0.0.0/0'] })],
    [{ requiredCidrs: ['10.0.0.0/8', '2001:db8::/32'] }, 'NetworksNotWithin', () => ({ allowedCidrs: ['2001::/16'] })],
    [{ requiredCidrs: ['0.0.0.0/0'] }, 'NetworksNotWithin', () => ({ allowedCidrs: ['::/0'] })],
  ])('400: with %j, TokenPolicy.%s', async (policy, reason, input) => {
    await set(policy);
    const { status, body } = await holder.create(input());
    expect([status, body.code]).toEqual([400, `TokenPolicy.${reason}`]);
    expect((await api.get(holder.path)).body.total).toBe(0);
    // What is refused to the API is refused to the operator.
    await expect(org.as('read:*')).rejects.toMatchObject({
      status: 400,
      code: expect.stringMatching(/^TokenPolicy\./),
    });
  });

  it.each<[object, () => object]>([
    [{ expiryRequired: true }, () => ({ expiresAt: '9999-12-31T00:00:00Z' })],
    [{ longestLifetimeDays: 30 }, () => ({ expiresAt: after(30 * DAY - 1000) })],
    [{ requiredCidrs: ['10.0.0.0/8', '2001:db8::/32'] }, () => ({ allowedCidrs: ['10.0.0.0/8', '2001:db8:1::/48'] })],
    [
      { expiryRequired: true, longestLifetimeDays: 1, requiredCidrs: ['127.0.0.0/8'] },
      () => ({ expiresAt: after(HOUR), allowedCidrs: ['127.0.0.1'] }),
    ],
  ])('201: with %j, what it allows', async (policy, input) => {
    await set(policy);
    const { status, body } = await holder.create(input());
    expect([status, body.flags]).toEqual([201, expect.not.arrayContaining(['violating'])]);
  });

  it('400 names the networks, those that are asked for and those that are not within', async () => {
    await set({ requiredCidrs: ['10.0.0.0/8', '192.168.0.0/16'] });
    expect((await holder.create({ allowedCidrs: ['10.0.0.0/9', '172.16.0.0/12'] })).body.detail).toBe(
      "the organization's policy wants allowedCidrs to lie within 10.0.0.0/8, 192.168.0.0/16; 172.16.0.0/12 does not",
    );
  });
});

describe('rotating under a policy', () => {
  it('201: the same lifetime again is cut to what it allows, and so is for ever', async () => {
    const [long, forever] = [await holder.created({ expiresAt: after(100 * DAY) }), await holder.created()];
    await set({ longestLifetimeDays: 30, expiryRequired: true });
    for (const { slug } of [long, forever]) {
      const { status, body } = await holder.rotate(slug);
      expect([status, body.flags]).toEqual([201, ['unused']]);
      expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(30 * DAY);
    }
  });

  it('201: a lifetime that it allows is left as it is', async () => {
    const { slug } = await holder.created({ expiresAt: after(HOUR) });
    await set({ longestLifetimeDays: 30 });
    expect(Date.parse((await holder.rotate(slug)).body.expiresAt)).toBeLessThan(Date.now() + 2 * HOUR);
  });

  it.each<[object, string, () => object]>([
    [{ longestLifetimeDays: 30 }, 'LifetimeTooLong', () => ({ expiresAt: after(31 * DAY) })],
    [{ expiryRequired: true }, 'ExpiryRequired', () => ({})],
    [{ requiredCidrs: ['10.0.0.0/8'] }, 'NetworksRequired', () => ({})],
  ])('400: with %j, TokenPolicy.%s, and the old one goes on as it was', async (policy, reason, input) => {
    const { token, slug } = await holder.created();
    await set(policy);
    const before = await holder.show(slug);
    const { status, body } = await holder.rotate(slug, input());
    expect([status, body.code]).toEqual([400, `TokenPolicy.${reason}`]);
    // It could not be given any.
    expect(body.detail).not.toContain('allowedCidrs');
    expect((await new Api(token).get('/api/me')).status).toBe(200);
    expect(await holder.show(slug)).toEqual(before);
  });
});

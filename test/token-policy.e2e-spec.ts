import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { runAsOrganization } from '../src/tenancy/tenant-context.js';
import { TokenPolicyService } from '../src/token-policy/token-policy.service.js';
import { Api, anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';

useApp({ env: { TOKEN_USE_TRACKING: 'off' }, poolSize: 10 });

const PATH = '/api/token-policy';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let org: TestOrganization;
let api: Api;
let holder: TokenHolder;

beforeEach(async () => {
  org = await anOrg();
  api = org.api;
  holder = await aHolder(api);
});

const after = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
const set = async (policy: object): Promise<void> => {
  const { status, text } = await api.put(PATH, { expiryRequired: false, ...policy });
  if (status !== 204) throw new Error(text);
};

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
    [{}, 'body.expiryRequired'],
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
    expect((await new Api(token).get('/api/me')).status).toBe(200);
    expect(await holder.show(slug)).toEqual(before);
  });
});

describe('tokens from before a policy', () => {
  it('are shown as breaking it, each with the rules that it breaks, and go on working', async () => {
    const tokens = {
      forever: await holder.created({ allowedCidrs: ['127.0.0.0/16'] }),
      long: await holder.created({ expiresAt: after(100 * DAY), allowedCidrs: ['127.0.0.1', '::1'] }),
      anywhere: await holder.created({ expiresAt: after(HOUR) }),
      wide: await holder.created({ expiresAt: after(HOUR), allowedCidrs: ['126.0.0.0/7'] }),
      good: await holder.created({ expiresAt: after(HOUR), allowedCidrs: ['127.0.0.1'] }),
      expired: await holder.created(),
      revoked: await holder.created(),
    };
    await testApp().owner.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [tokens.expired.id]);
    await api.delete(`${holder.path}/${tokens.revoked.slug}`);
    await set({ expiryRequired: true, longestLifetimeDays: 30, requiredCidrs: ['127.0.0.0/16'] });

    const shown = await Promise.all(Object.values(tokens).map(({ slug }) => holder.show(slug)));
    const violations = Object.fromEntries(Object.keys(tokens).map((name, i) => [name, shown[i].violates]));
    expect(violations).toEqual({
      forever: ['expiry', 'lifetime'],
      long: ['lifetime', 'networks'],
      anywhere: ['networks'],
      wide: ['networks'],
      good: undefined,
      expired: undefined,
      revoked: undefined,
    });
    for (const { flags, violates } of shown) expect(flags.includes('violating')).toBe(violates !== undefined);
    const { items, total } = (await api.get(`${holder.path}?state=violating&sort=createdAt`)).body;
    const { forever, long, anywhere, wide } = tokens;
    expect([items.map(({ id }: { id: string }) => id), total]).toEqual([
      [forever, long, anywhere, wide].map(({ id }) => id),
      4,
    ]);
    for (const { token } of [forever, long, anywhere, wide]) {
      expect((await new Api(token).get('/api/me')).status).toBe(200);
    }

    await set({});
    expect((await api.get(`${holder.path}?state=violating`)).body.total).toBe(0);
  });

  it('break it exactly where they would not be minted any more', async () => {
    const lives = [{}, { expiresAt: after(29 * DAY) }, { expiresAt: after(31 * DAY) }];
    const places = [
      {},
      ...['10.0.0.0/8', '10.9.0.0/16', '9.0.0.0/8', '2001:db8::/32', '::/0'].map((network) => [network]),
    ];
    const inputs = lives.flatMap((life) =>
      places.map((networks) => ({ ...life, ...(Array.isArray(networks) && { allowedCidrs: networks }) })),
    );
    const minted = await Promise.all(inputs.map((input) => holder.created(input)));
    for (const policy of [
      { expiryRequired: true },
      { longestLifetimeDays: 30 },
      { requiredCidrs: ['10.0.0.0/8', '2001:db8::/32'] },
      { requiredCidrs: ['0.0.0.0/0'] },
      { expiryRequired: true, longestLifetimeDays: 30, requiredCidrs: ['::/0', '10.0.0.0/9'] },
    ]) {
      await set(policy);
      for (const [i, input] of inputs.entries()) {
        const isRefused = (await holder.create(input)).status === 400;
        expect([policy, input, (await holder.show(minted[i].slug)).flags.includes('violating')]).toEqual([
          policy,
          input,
          isRefused,
        ]);
      }
    }
  });
});

describe('a policy that is replaced while tokens are minted', () => {
  it('waits for those that were begun under the one before, and holds for all others', async () => {
    const { app, dataSource } = testApp();
    const policies = app.get(TokenPolicyService);
    // The first time there is no policy, the second time there is one.
    for (const longestLifetimeDays of [30, 7]) {
      let release!: () => void;
      const held = new Promise<void>((resolve) => (release = resolve));
      let minting!: Promise<void>;
      await new Promise<void>((begun) => {
        minting = runAsOrganization(org.org.id, () =>
          dataSource.transaction(async (manager) => {
            await policies.hold(manager);
            begun();
            await held;
          }),
        );
      });
      let answered = false;
      const replaced = api.put(PATH, { expiryRequired: true, longestLifetimeDays }).then((answer) => {
        answered = true;
        return answer;
      });
      await sleep(300);
      // One that begins now waits for the new policy.
      const minted = holder.create();
      await sleep(300);
      expect(answered).toBe(false);
      release();
      await minting;
      expect((await replaced).status).toBe(204);
      expect((await minted).body.code).toBe('TokenPolicy.ExpiryRequired');
    }
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { runAsOrganization } from '../src/tenancy/tenant-context.js';
import { TokenPolicyService } from '../src/token-policy/token-policy.service.js';
import { Api } from './support/api.js';
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
      const pid = await new Promise<number>((begun) => {
        minting = runAsOrganization(org.org.id, () =>
          dataSource.transaction(async (manager) => {
            await policies.hold(manager);
            const [backend] = await manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
            begun(backend.pid);
            await held;
          }),
        );
      });
      let answered = false;
      const replaced = api.put(PATH, { expiryRequired: true, longestLifetimeDays }).then((answer) => {
        answered = true;
        return answer;
      });
      await waitFor(pid, 1);
      // One that begins now waits for the new policy.
      const minted = holder.create();
      await waitFor(pid, 2);
      expect(answered).toBe(false);
      release();
      await minting;
      expect((await replaced).status).toBe(204);
      expect((await minted).body.code).toBe('TokenPolicy.ExpiryRequired');
    }
  });
});

/** Until so many wait for what a backend of PostgreSQL's has locked. */
async function waitFor(pid: number, count: number): Promise<void> {
  const { dataSource } = testApp();
  for (;;) {
    const [row] = await runAsOrganization(org.org.id, () =>
      dataSource.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM pg_locks waiting JOIN pg_locks held USING (locktype, database, classid, objid, objsubid)
         WHERE locktype = 'advisory' AND NOT waiting.granted AND held.granted AND held.pid = $1`,
        [pid],
      ),
    );
    if (row!.n >= count) return;
    await sleep(10);
  }
}

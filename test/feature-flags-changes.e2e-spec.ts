import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../src/database/migrate.js';
import { roleOf } from '../src/database/roles.js';
import type { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { databaseAdminUrl } from './support/database.js';
import { createFlag, SWITCH, targeting } from './support/flag-bodies.js';
import { freshDatabase } from './support/fresh-database.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp({ poolSize: 8 });

let org: TestOrganization;
let api: Api;
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

const outcome = ({ status, body }: { status: number; body: any }): unknown[] => [status, body?.code];

const putting = (path: string, fields: object, ifMatch?: string) =>
  api.put(path, { ...SWITCH, ...fields }, { headers: ifMatch === undefined ? {} : { 'If-Match': ifMatch } });

describe('ETag and If-Match', () => {
  const tagOf = async (slug: string): Promise<string> => (await api.get(`/api/feature-flags/${slug}`)).headers.etag!;

  it('GET answers a tag that stays while the flag does, and PUT the next one', async () => {
    await createFlag(api, { slug: 'tagged' });
    const first = await tagOf('tagged');
    expect(first).toMatch(/^"\d+"$/);
    expect(await tagOf('tagged')).toBe(first);
    const answer = await putting('/api/feature-flags/tagged', {}, first);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.etag).not.toBe(first);
    expect(answer.headers.etag).toBe(await tagOf('tagged'));
  });

  it('204 for the present tag, among others and in *, and without the header', async () => {
    await createFlag(api, { slug: 'matched' });
    for (const header of [(tag: string) => tag, (tag: string) => `"1", W/"2",${tag}`, () => '*', () => undefined]) {
      const ifMatch = header(await tagOf('matched'));
      expect((await putting('/api/feature-flags/matched', {}, ifMatch)).status).toBe(204);
    }
  });

  it('412 for another tag, a weak one and what is none, with nothing changed', async () => {
    await createFlag(api, { slug: 'mismatched' });
    const tag = await tagOf('mismatched');
    for (const ifMatch of ['"0"', `W/${tag}`, tag.replaceAll('"', ''), '""', `"0", W/${tag}`]) {
      const answer = await putting('/api/feature-flags/mismatched', { name: 'Lost' }, ifMatch);
      expect([ifMatch, ...outcome(answer)]).toEqual([ifMatch, 412, 'FeatureFlag.PreconditionFailed']);
    }
    expect(await tagOf('mismatched')).toBe(tag);
    expect((await api.get('/api/feature-flags/mismatched')).body.name).toBe('Switch');
  });

  it('404 and 422 come before it', async () => {
    expect((await putting('/api/feature-flags/nowhere', {}, '"0"')).status).toBe(404);
    expect((await putting('/api/feature-flags/mismatched', { variants: [] }, '"0"')).status).toBe(422);
  });

  it('of ten writers with the same tag one wins', async () => {
    await createFlag(api, { slug: 'contended' });
    const tag = await tagOf('contended');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => putting('/api/feature-flags/contended', { name: `Writer ${i}` }, tag)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(9).fill(412)]);
    const winner = answers.findIndex(({ status }) => status === 204);
    const { body, headers } = await api.get('/api/feature-flags/contended');
    expect([body.name, headers.etag]).toEqual([`Writer ${winner}`, answers[winner]!.headers.etag]);
  });

  it('is another one after a write in SQL, and for a flag that was made anew', async () => {
    const { id } = await createFlag(api, { slug: 'direct' });
    const first = await tagOf('direct');
    await testApp().owner.query(`UPDATE feature_flags SET enabled = NOT enabled, version = 1 WHERE id = $1`, [id]);
    const second = await tagOf('direct');
    expect([first, '"1"']).not.toContain(second);
    await api.delete('/api/feature-flags/direct');
    await createFlag(api, { slug: 'direct' });
    expect([first, second]).not.toContain(await tagOf('direct'));
  });
});

describe('2,000 flags', () => {
  it('are the most, however many are made at once; 409 says so', async () => {
    const full = await anOrg();
    await testApp().owner.query(
      `INSERT INTO feature_flags (organization_id, name, slug, salt, type, enabled, event_name, metadata, variants, variant_order,
         default_variant, targetings, created_by_id, updated_by_id)
       SELECT $1, 'F', 'f' || i, 'f' || i, 'boolean', true, '', '{}', '[{"id":"v","name":"v","description":"","value":true}]', '{v}',
         '{"type":"basic","variant":"v"}', '[]', $2, $2 FROM generate_series(1, 1995) i`,
      [full.org.id, full.account.id],
    );
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => full.api.post('/api/feature-flags', { ...SWITCH, slug: `new-${i}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(outcome(answer)).toEqual([409, 'CreateFeatureFlag.LimitReached']);
    }
    expect((await full.api.get('/api/feature-flags?limit=1')).body.total).toBe(2_000);

    expect((await full.api.delete('/api/feature-flags/f1')).status).toBe(204);
    expect((await full.api.post('/api/feature-flags', SWITCH)).status).toBe(201);
    // What is there may be changed, and others are not concerned.
    expect((await full.api.put('/api/feature-flags/f2', SWITCH)).status).toBe(204);
    await createFlag(api);
  });
});

describe('32 MiB of flags', () => {
  it('are the most together; 409 says so, to whoever makes one and to whoever makes one larger', async () => {
    const full = await anOrg();
    await testApp().owner.query(
      `INSERT INTO feature_flags (organization_id, name, slug, salt, type, enabled, event_name, metadata, variants, variant_order,
         default_variant, targetings, created_by_id, updated_by_id)
       SELECT $1, 'F', 'f' || i, 'f' || i, 'boolean', true, '', json_build_object('note', repeat('x', 262000)),
         '[{"id":"v","name":"v","description":"","value":true}]', '{v}', '{"type":"basic","variant":"v"}', '[]', $2, $2
       FROM generate_series(1, 128) i`,
      [full.org.id, full.account.id],
    );
    const large = { ...SWITCH, metadata: { note: 'x'.repeat(60_000) } };
    const refusal = [409, 'FeatureFlag.SpaceLimitReached'];
    expect(outcome(await full.api.post('/api/feature-flags', { ...large, slug: 'large' }))).toEqual(refusal);
    expect(outcome(await full.api.get('/api/feature-flags/large'))).toEqual([404, 'FeatureFlag.NotFound']);
    expect((await full.api.post('/api/feature-flags', { ...SWITCH, slug: 'small' })).status).toBe(201);
    expect(outcome(await full.api.put('/api/feature-flags/small', large))).toEqual(refusal);
    expect((await full.api.put('/api/feature-flags/f1', SWITCH)).status).toBe(204);
    expect((await full.api.put('/api/feature-flags/small', large)).status).toBe(204);
  });
});

describe('a million words and signs of rules', () => {
  const rules = (...texts: string[]) => ({ ...SWITCH, targetings: texts.map((rule, i) => targeting(`t${i}`, rule)) });
  const refusal = [409, 'FeatureFlag.SpaceLimitReached'];

  /** An organization with flags `f1` to `f4`, of 250,000 each and of `more` besides in the first. */
  async function fullOf(more: string): Promise<TestOrganization> {
    const full = await anOrg();
    const rule = (sql: string): string =>
      `json_build_object('type', 'basic', 'name', 'x', 'rule', ${sql}, 'variant', 'v')`;
    await testApp().owner.query(
      `INSERT INTO feature_flags (organization_id, name, slug, salt, type, enabled, event_name, metadata, variants, variant_order,
         default_variant, targetings, created_by_id, updated_by_id)
       SELECT $1, 'F', 'f' || i, 'f' || i, 'boolean', true, '', '{}', '[{"id":"v","name":"v","description":"","value":true}]', '{v}',
         '{"type":"basic","variant":"v"}', (SELECT json_agg(${rule(`repeat('a+', 5000)`)}) FROM generate_series(1, 25)), $2, $2
       FROM generate_series(1, 4) i`,
      [full.org.id, full.account.id],
    );
    await testApp().owner.query(
      `UPDATE feature_flags SET targetings = (targetings::jsonb || jsonb_build_array(${rule('$2::text')}))::json
       WHERE slug = 'f1' AND organization_id = $1`,
      [full.org.id, more],
    );
    return full;
  }

  const symbolsOf = async ({ org: { id } }: TestOrganization): Promise<Record<string, number>> => {
    const rows = await testApp().owner.query<{ slug: string; symbols: number }[]>(
      'SELECT slug, rule_symbols AS symbols FROM feature_flags WHERE organization_id = $1',
      [id],
    );
    return Object.fromEntries(rows.map(({ slug, symbols }) => [slug, symbols]));
  };

  it('are counted in rules alone: a word and each sign that is none', async () => {
    const fresh = await anOrg();
    const counts: [string, number][] = [
      ['plan == "pro"', 6],
      ['a_1+a_1', 3],
      ['a + b\n\t+ c', 5],
      ['!!a', 3],
      ['email in ["a@b.example"]', 11],
      ['x == "東京"', 7],
      // Other readers of quotes would take it for a text.
      ["true // '\n|| a // '", 10],
    ];
    for (const [i, [rule]] of counts.entries()) await createFlag(fresh.api, { ...rules(rule), slug: `f${i}` });
    await createFlag(fresh.api, { ...rules('a == 1', 'b == 2'), slug: 'two' });
    await createFlag(fresh.api, { ...SWITCH, targetings: [], slug: 'none' });
    expect(await symbolsOf(fresh)).toEqual({
      ...Object.fromEntries(counts.map(([, symbols], i) => [`f${i}`, symbols])),
      two: 8,
      none: 0,
    });
  });

  it('are the most together; 409 says so, to whoever makes one and to whoever makes one larger', async () => {
    const full = await fullOf('');
    expect(await symbolsOf(full)).toEqual({ f1: 250_000, f2: 250_000, f3: 250_000, f4: 250_000 });
    const answer = await full.api.post('/api/feature-flags', { ...rules('a'), slug: 'more' });
    expect(outcome(answer)).toEqual(refusal);
    expect(answer.body.detail).toContain('1000000 words and signs');
    expect((await full.api.post('/api/feature-flags', { ...rules(), slug: 'more' })).status).toBe(201);
    expect(outcome(await full.api.put('/api/feature-flags/more', rules('a')))).toEqual(refusal);
    expect((await full.api.put('/api/feature-flags/f1', rules('a == 1'))).status).toBe(204);
    expect((await full.api.put('/api/feature-flags/more', rules('a'))).status).toBe(204);
  });

  it('keep nobody who has more from making them fewer, nor from switching one off', async () => {
    const over = await fullOf('a+b+c+d');
    expect((await symbolsOf(over)).f1).toBe(250_007);
    await testApp().owner.query(
      `UPDATE feature_flags SET targetings = '[{"type":"basic","name":"x","rule":"a == 1","variant":"v"}]'
       WHERE slug = 'f2' AND organization_id = $1`,
      [over.org.id],
    );
    await testApp().owner.query(
      `UPDATE feature_flags SET targetings = (SELECT json_agg(t) FROM feature_flags f, json_array_elements(f.targetings) t
         WHERE f.slug IN ('f3', 'f4') AND f.organization_id = $1)
       WHERE slug = 'f3' AND organization_id = $1`,
      [over.org.id],
    );
    expect(await symbolsOf(over)).toMatchObject({ f2: 4, f3: 500_000 });
    const put = (enabled: boolean, rule: string) => over.api.put('/api/feature-flags/f2', { ...rules(rule), enabled });
    expect((await put(false, 'a == 1')).status).toBe(204);
    expect((await put(false, 'a')).status).toBe(204);
    expect(outcome(await put(false, 'a == 1'))).toEqual(refusal);
  });
});

describe('notifications on kaiten_flags', () => {
  let listener: pg.Client;
  const heard: string[] = [];

  beforeAll(async () => {
    listener = new pg.Client({ connectionString: databaseAdminUrl() });
    await listener.connect();
    listener.on('notification', ({ payload }) => heard.push(payload!));
    await listener.query('LISTEN kaiten_flags');
  });
  afterAll(() => listener.end());

  /** What work has had sent to whoever listens: PostgreSQL delivers before it answers the next statement. Other suites have organizations of their own. */
  async function during(work: () => Promise<unknown>, ...organizations: string[]): Promise<string[]> {
    // What was sent before may still be on its way.
    await listener.query('SELECT 1');
    heard.length = 0;
    await work();
    await listener.query('SELECT 1');
    return heard.filter((payload) => organizations.includes(payload)).sort();
  }

  it('name the organization once for each write, and nothing for what was refused', async () => {
    const { id } = org.org;
    expect(await during(() => createFlag(api, { slug: 'heard' }), id)).toEqual([id]);
    expect(await during(() => putting('/api/feature-flags/heard', { enabled: false }), id)).toEqual([id]);
    expect(await during(() => putting('/api/feature-flags/heard', {}, '"0"'), id)).toEqual([]);
    expect(await during(() => api.post('/api/feature-flags', { ...SWITCH, slug: 'heard' }), id)).toEqual([]);
    expect(await during(() => api.delete('/api/feature-flags/heard'), id)).toEqual([id]);
    expect(await during(() => api.delete('/api/feature-flags/heard'), id)).toEqual([]);
  });

  it('name each organization that a statement in SQL has changed', async () => {
    const others = [await anOrg(), await anOrg()];
    for (const other of others) for (const slug of ['one', 'two']) await createFlag(other.api, { slug });
    const ids = others.map((other) => other.org.id).sort();
    const { owner } = testApp();
    const change = `UPDATE feature_flags SET enabled = false WHERE organization_id = ANY ($1)`;
    expect(await during(() => owner.query(change, [ids]), ...ids)).toEqual(ids);
    const nothing = `UPDATE feature_flags SET enabled = false WHERE organization_id = ANY ($1) AND slug = 'none'`;
    expect(await during(() => owner.query(nothing, [ids]), ...ids)).toEqual([]);
    const removal = `DELETE FROM feature_flags WHERE organization_id = $1`;
    expect(await during(() => owner.query(removal, [ids[0]]), ...ids)).toEqual([ids[0]]);
  });

  it('say all when the table is emptied', async () => {
    const database = await freshDatabase();
    const client = new pg.Client({ connectionString: database.adminUrl });
    try {
      await migrate(database.adminUrl, roleOf(database.url));
      await client.connect();
      const payloads: (string | undefined)[] = [];
      client.on('notification', ({ payload }) => payloads.push(payload));
      await client.query('LISTEN kaiten_flags');
      await client.query('TRUNCATE feature_flags CASCADE');
      await client.query('SELECT 1');
      expect(payloads).toEqual(['all']);
    } finally {
      await client.end();
      await database.drop();
    }
  });
});

describe('a write that meets another one in a circle', () => {
  it('503 with Retry-After for the one that PostgreSQL undoes, which has done nothing', async () => {
    await createFlag(api, { slug: 'circle-a' });
    await createFlag(api, { slug: 'circle-b' });
    const other = new pg.Client(databaseAdminUrl());
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query(`UPDATE feature_flags SET slug = 'circle-c' WHERE slug = 'circle-b'`);
      const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      // It has locked circle-a, and waits for what becomes of the slug that it wants.
      const put = putting('/api/feature-flags/circle-a', { slug: 'circle-b', name: 'Lost' });
      for (let waiting = 0; waiting === 0;) {
        const { rowCount } = await other.query('SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [
          rows[0]!.pid,
        ]);
        waiting = rowCount!;
      }
      // PostgreSQL looks for circles when somebody has waited for a second, which the other one has first.
      await other.query(`UPDATE feature_flags SET name = 'Won' WHERE slug = 'circle-a'`);
      await other.query('COMMIT');
      const answer = await put;
      expect([...outcome(answer), answer.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
      expect((await api.get('/api/feature-flags/circle-a')).body.name).toBe('Won');
    } finally {
      await other.end();
    }
  });
});

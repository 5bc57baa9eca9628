import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EvaluationClock } from '../../src/ofrep/ofrep-evaluator.js';
import * as rules from '../../src/cel/rule.js';
import type { Answer, Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { startExtraServer } from '../support/extra-server.js';
import { createFlag, evaluateAll, FLAGS, replaceFlag, valuesOf, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useApp();

let org: TestOrganization;
let api: Api;
beforeAll(async () => {
  org = await anOrg();
  api = await org.as('read:feature_flags');
  await createFlag(org.api, 'checkout', { targetings: [when('plan == "pro"')] });
});

afterEach(() => {
  jest.restoreAllMocks();
});

const tagOf = async (context?: object, client = api): Promise<string> => {
  const { headers } = await evaluateAll(client, context);
  return headers.etag!;
};

const ask = (tag: string, context?: object, client = api): Promise<Answer> =>
  evaluateAll(client, context, { 'If-None-Match': tag });

describe('If-None-Match', () => {
  it('304 without a body for the tag of the same answer, in any spelling', async () => {
    const tag = await tagOf({ plan: 'pro' });
    // Weak: another answer under it may announce a stream by another ticket.
    expect(tag).toMatch(/^W\/"[\w-]{43}"$/);
    const strong = tag.slice(2);
    for (const header of [tag, strong, strong.slice(1, -1), `"other", ${strong}`, `"other",${tag}`, '*']) {
      const { status, text, headers } = await ask(header, { plan: 'pro' });
      expect([header, status, text, headers.etag]).toEqual([header, 304, '', tag]);
      expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'Authorization' });
    }
  });

  it('200 for others', async () => {
    for (const header of ['"other"', 'W/"other"', '', '""'])
      expect([header, (await ask(header)).status]).toEqual([header, 200]);
  });

  it('400 for what is no body, whatever the header names', async () => {
    const tag = await tagOf();
    for (const header of [tag, '"other"', '*', `${tag}, *`]) {
      for (const raw of [
        '{"context":',
        '{"context":{"targetingKey":1}}',
        Buffer.from('{"context":{"a":"\xff"}}', 'latin1'),
      ]) {
        const { status } = await api.send('POST', FLAGS, { raw, headers: { 'If-None-Match': header } });
        expect([header, status]).toEqual([header, 400]);
      }
    }
  });

  it('evaluates nothing for a 304', async () => {
    const tag = await tagOf({ plan: 'pro' });
    const runs = jest.spyOn(rules.Rule.prototype, 'matches');
    expect((await ask(tag, { plan: 'pro' })).status).toBe(304);
    expect(runs).not.toHaveBeenCalled();
    expect((await ask('"other"', { plan: 'pro' })).status).toBe(200);
    expect(runs).toHaveBeenCalledTimes(1);
  });

  it('does not help who may not evaluate', async () => {
    const tag = await tagOf();
    expect((await ask(tag, {}, await org.as('read:customers'))).status).toBe(403);
  });
});

describe('the tag', () => {
  it('is another one for another context, though the answer may be the same', async () => {
    const pro = await tagOf({ plan: 'pro' });
    const { status, ...answer } = await ask(pro, { plan: 'free' });
    expect([status, valuesOf({ status, ...answer })]).toEqual([200, { checkout: false }]);
    expect(await tagOf({ plan: 'pro' })).toBe(pro);
  });

  it('is another one in another organization with the same flags', async () => {
    const other = await anOrg();
    await createFlag(other.api, 'checkout', { targetings: [when('plan == "pro"')] });
    const tag = await tagOf({ plan: 'pro' });
    expect((await ask(tag, { plan: 'pro' }, other.api)).status).toBe(200);
    expect(await tagOf({ plan: 'pro' }, other.api)).not.toBe(tag);
  });

  it('is the same for other tokens of the organization, and in other processes', async () => {
    const tag = await tagOf();
    expect(await tagOf({}, org.api)).toBe(tag);
    const server = await startExtraServer({});
    try {
      const response = await fetch(server.url + FLAGS, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}`, 'if-none-match': tag, 'content-type': 'application/json' },
        body: '{"context":{}}',
      });
      expect([response.status, response.headers.get('etag')]).toEqual([304, tag]);
    } finally {
      await server.close();
    }
  });

  it('changes with every write of a flag: created, replaced, renamed, deleted', async () => {
    const tags = [await tagOf()];
    const changes = [
      () => createFlag(org.api, 'second'),
      () => replaceFlag(org.api, 'second', { default_variant: { type: 'basic', value: 'on' } }),
      () => org.api.put('/api/feature-flags/second', { ...RENAMED }),
      () => org.api.delete('/api/feature-flags/renamed'),
    ];
    for (const change of changes) {
      await change();
      expect((await ask(tags.at(-1)!)).status).toBe(200);
      tags.push(await tagOf());
    }
    expect(new Set(tags).size).toBe(5 - 1);
    // Without the second flag everything is as it was.
    expect(tags.at(-1)).toBe(tags[0]);
  });

  const RENAMED = {
    ...{
      name: 'renamed',
      slug: 'renamed',
      description: null,
      type: 'boolean',
      enabled: true,
      event_name: '',
      metadata: {},
    },
    variants: [{ name: 'on', description: '', value: true }],
    default_variant: { type: 'basic', value: 'on' },
    targetings: [],
  };
});

describe('a rollout by date', () => {
  const START = Date.parse('2027-01-01T00:00:00Z');
  const END = Date.parse('2027-01-11T00:00:00Z');
  const DAY = 24 * 3_600_000;
  let dated: TestOrganization;
  const at = (time: number): void => {
    jest.spyOn(testApp().app.get(EvaluationClock), 'now').mockReturnValue(time);
  };

  beforeAll(async () => {
    dated = await anOrg();
    await createFlag(dated.api, 'gradual', {
      default_variant: {
        type: 'rollout_date',
        start: { variant: 'off', percentage: 0, date: new Date(START).toISOString() },
        end: { variant: 'on', percentage: 100, date: new Date(END).toISOString() },
      },
    });
  });

  it("has another tag exactly when the key's answer is another one", async () => {
    for (const targetingKey of ['user-1', 'user-2', 'user-3']) {
      const seen = new Map<string, unknown>();
      let moves = 0;
      let before: { tag: string; value: unknown } | undefined;
      for (let time = START - DAY; time <= END + DAY; time += DAY / 4) {
        at(time);
        const answer = await evaluateAll(dated.api, { targetingKey });
        const { gradual: value } = valuesOf(answer);
        const tag = answer.headers.etag!;
        if (seen.has(tag)) expect(seen.get(tag)).toBe(value);
        seen.set(tag, value);
        if (before && before.value !== value) {
          moves += 1;
          expect(tag).not.toBe(before.tag);
        }
        expect((await ask(tag, { targetingKey }, dated.api)).status).toBe(304);
        before = { tag, value };
      }
      expect([moves, seen.size]).toEqual([1, 2]);
    }
  });

  it('without a key it is answered before and after, and not in between', async () => {
    const tags = [];
    for (const [time, expected] of [
      [START - 1, { value: false }],
      [START, { errorCode: 'TARGETING_KEY_MISSING' }],
      [END - 1, { errorCode: 'TARGETING_KEY_MISSING' }],
      [END, { value: true }],
    ] as const) {
      at(time);
      const { body, headers } = await evaluateAll(dated.api);
      expect(body.flags[0]).toMatchObject(expected);
      tags.push(headers.etag);
    }
    expect(new Set(tags).size).toBe(3);
    expect(tags[1]).toBe(tags[2]);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from './support/api.js';
import { useApp } from './support/app.js';
import type { FlagBody } from './support/flag-bodies.js';
import { createFlag, dates, errorsOf, shares, step, SWITCH, targeting, variant } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';

useApp();

let api: Api;
beforeAll(async () => {
  ({ api } = await anOrg());
  await createFlag(api, { slug: 'there' });
});

describe('sizes', () => {
  const object = (bytes: number): object => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
  const flagOf = (...sizes: number[]): FlagBody => ({
    type: 'object',
    variants: sizes.map((size, i) => variant(`v${i}`, object(size))),
    default_variant: { type: 'basic', value: 'v0' },
  });

  it('64 KiB of a value, and not a byte more', async () => {
    expect(await createFlag(api, flagOf(64 * 1024))).toMatchObject({ type: 'object' });
    const errors = await errorsOf(api, 'there', flagOf(10, 64 * 1024 + 1));
    expect(errors).toEqual([['body.variants[1].value', 'must not be larger than 65536 bytes']]);
    const umlauts = {
      type: 'string',
      variants: [variant('v', 'ä'.repeat(32 * 1024))],
      default_variant: { type: 'basic', value: 'v' },
    };
    expect(await errorsOf(api, 'there', umlauts)).toEqual([
      ['body.variants[0].value', 'must not be larger than 65536 bytes'],
    ]);
  });

  it('256 KiB of a flag, and not a byte more; its answer may be sent back', async () => {
    const flag = (last: number): FlagBody => ({ ...SWITCH, ...flagOf(50_000, 50_000, 50_000, 50_000, last) });
    const last = 1_000 + 256 * 1024 - Buffer.byteLength(JSON.stringify(flag(1_000)));
    await createFlag(api, { ...flag(last), slug: 'largest' });
    const { body } = await api.get('/api/feature-flags/largest');
    expect(body).toMatchObject(flag(last));
    expect((await api.put('/api/feature-flags/largest', body)).status).toBe(204);
    expect(await errorsOf(api, 'there', flag(last + 1))).toEqual([['body', 'must not be larger than 262144 bytes']]);
  });

  it('100 variants and 200 targetings', async () => {
    const variants = Array.from({ length: 100 }, (_, i) => variant(`v${i}`, i % 2 === 0));
    const targetings = Array.from({ length: 200 }, (_, i) => targeting(`t${i}`, `a == ${i}`, `v${i % 100}`));
    const distribution = Object.fromEntries(variants.map((_, i) => [`v${i}`, 1_000_000_000]));
    const body = await createFlag(api, { variants, targetings, default_variant: shares(distribution) });
    expect([body.variants.length, body.targetings.length]).toEqual([100, 200]);
    expect(body.default_variant.distribution).toEqual(distribution);
  });

  it('a rule of 10,000 characters', async () => {
    const rule = `plan == '${'x'.repeat(10_000 - 10)}'`;
    expect(rule).toHaveLength(10_000);
    expect((await createFlag(api, { targetings: [targeting('a', rule)] })).targetings[0].rule).toBe(rule);
  });
});

describe('several things that are wrong', () => {
  it('are told at once, fields and what lies between them', async () => {
    const errors = await errorsOf(api, 'there', {
      name: '',
      variants: [variant('on', 1), variant('on', true)],
      default_variant: dates(step('x', 200), step('y')),
      targetings: [targeting('a', 'plan ==', 'z'), targeting('a', 'true', 'on'), { type: 'basic' }],
      ...({ colour: 'pink' } as object),
    });
    expect(errors.map(([location]) => location).sort()).toEqual(
      [
        'body.colour',
        'body.default_variant.end.variant',
        'body.default_variant.start.percentage',
        'body.default_variant.start.variant',
        'body.name',
        'body.name',
        'body.targetings[0].rule',
        'body.targetings[0].variant',
        'body.targetings[1].name',
        'body.targetings[2].name',
        'body.targetings[2].name',
        'body.targetings[2].rule',
        'body.targetings[2].variant',
        'body.targetings[2].variant',
        'body.variants[0].value',
        'body.variants[1].name',
      ].sort(),
    );
  });

  it('one for each issue of a rule, as lint has them', async () => {
    const rule = '__kaiten.customer.plan == __kaiten.instance.colour';
    const { issues } = (await api.post('/api/feature-flags/targeting/lint', { rule })).body;
    expect(issues).toHaveLength(2);
    const { body } = await api.post('/api/feature-flags', { ...SWITCH, targetings: [targeting('a', rule)] });
    expect(body.errors).toEqual(
      issues.map(({ message, line, column }: { message: string; line: number; column: number }) => ({
        location: 'body.targetings[0].rule',
        message: `${message} (line ${line}, column ${column})`,
        value: rule,
      })),
    );
  });

  it('are a hundred at the most', async () => {
    const distribution = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`v${i}`, -1]));
    expect(await errorsOf(api, 'there', { default_variant: shares(distribution) })).toHaveLength(100);
  });
});

describe('a page of large flags', () => {
  const value = 'x'.repeat(60_000);
  const large: FlagBody = {
    type: 'string',
    variants: [variant('a', value), variant('b', value), variant('c', value), variant('d', value)],
    default_variant: { type: 'basic', value: 'a' },
  };
  const LIMIT = 4 * 1024 * 1024;
  const LARGEST = 256 * 1024;

  it.each(['', '&q=Large', '&sort=-name'])('ends early, and the next one goes on where it ended: %s', async (query) => {
    const { api: many } = await anOrg();
    const slugs = Array.from({ length: 40 }, (_, i) => `large-${i}`);
    for (const slug of slugs) await createFlag(many, { ...large, name: `Large ${slug}`, slug });
    const seen: string[] = [];
    const lengths: number[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const path = `/api/feature-flags?limit=200${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
      const { status, body, text } = await many.get(path);
      expect([status, body.total]).toEqual([200, 40]);
      expect(body.hasMore).toBe(body.nextCursor !== undefined);
      expect(text.length).toBeLessThan(LIMIT + LARGEST + 64 * 1024);
      seen.push(...body.items.map(({ slug }: { slug: string }) => slug));
      lengths.push(body.items.length);
      ({ nextCursor: cursor, hasMore: more } = body);
    }
    expect([...seen].sort()).toEqual([...slugs].sort());
    expect(lengths).toEqual([18, 18, 4]);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from './support/api.js';
import { useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';

useApp();

let api: Api;
let holder: TokenHolder;
const HERE = ['127.0.0.0/8', '2001:db8::/32'];

beforeAll(async () => {
  ({ api } = await anOrg());
  holder = await aHolder(api);
});

describe('the networks of a new token', () => {
  it('201: are shown wherever the token is, in one form and each once', async () => {
    const { status, body } = await holder.create({
      allowedCidrs: ['10.0.0.0/8', '2001:DB8:0::/32', '10.1.2.3', '::ffff:192.0.2.0/120', '10.0.0.0/8', '::1/128'],
    });
    expect(status).toBe(201);
    const expected = ['10.0.0.0/8', '2001:db8::/32', '10.1.2.3/32', '192.0.2.0/24', '::1/128'];
    expect(body.allowedCidrs).toEqual(expected);
    expect((await holder.show(body.slug)).allowedCidrs).toEqual(expected);
    expect((await api.get(`${holder.path}?q=${body.name}`)).body.items[0].allowedCidrs).toEqual(expected);
  });

  it('201: none when left out', async () => {
    expect((await holder.create()).body).not.toHaveProperty('allowedCidrs');
  });

  it('201 for fifty of them', async () => {
    const allowedCidrs = Array.from({ length: 50 }, (_, i) => `10.${i}.0.0/16`);
    expect((await holder.create({ allowedCidrs })).body.allowedCidrs).toEqual(allowedCidrs);
  });

  it('422 naming each that is none, and none of the others', async () => {
    const allowedCidrs = [
      '10.0.0.0/8',
      '10.0.0.1/8',
      '10.0.0.0/33',
      '::/0',
      '10.0.0.0/08',
      '010.0.0.0/8',
      '2001:db8::1/32',
      'example.com',
      '',
      ' 10.0.0.0/8',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      7,
      null,
      ['10.0.0.0/8'],
    ];
    const { status, body } = await holder.create({ allowedCidrs });
    expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED']);
    const wrong = allowedCidrs.map((_, index) => index).filter((index) => index !== 0 && index !== 3);
    expect(body.errors.map(({ location }: { location: string }) => location)).toEqual(
      wrong.map((index) => `body.allowedCidrs[${index}]`),
    );
  });

  it.each([
    ['none of them', []],
    ['51 of them', Array.from({ length: 51 }, (_, i) => `10.${i}.0.0/16`)],
    ['a text', '10.0.0.0/8'],
    ['null', null],
    ['an object', { 0: '10.0.0.0/8' }],
  ])('422 for %s', async (_, allowedCidrs) => {
    const { status, body } = await holder.create({ allowedCidrs });
    expect([status, body.errors[0].location]).toEqual([422, 'body.allowedCidrs']);
  });
});

describe('the networks of a token that mints', () => {
  let limited: Api;
  beforeAll(async () => {
    limited = new Api((await holder.created({ scopes: ['write:*'], allowedCidrs: HERE })).token);
  });

  it('201: lets others have some of its own', async () => {
    for (const allowedCidrs of [HERE, ['127.0.0.1'], ['2001:db8:1::/48', '127.1.0.0/16']]) {
      expect((await holder.create({ allowedCidrs }, limited)).status).toBe(201);
    }
  });

  it('201: lets it rotate itself, and others that are as limited', async () => {
    const other = await holder.created({ allowedCidrs: ['127.0.0.0/9'] });
    expect((await holder.rotate(other.slug, {}, limited)).status).toBe(201);
    const own = await holder.created({ scopes: ['write:tokens'], allowedCidrs: HERE });
    expect((await holder.rotate(own.slug, {}, new Api(own.token))).status).toBe(201);
  });

  it.each([
    ['anywhere', {}],
    ['a network around its own', { allowedCidrs: ['126.0.0.0/7'] }],
    ['another besides', { allowedCidrs: ['127.0.0.1', '10.0.0.0/8'] }],
    ['everything', { allowedCidrs: ['0.0.0.0/0', '::/0'] }],
  ])('403 for %s: neither minted nor rotated', async (_, body) => {
    const { total } = (await api.get(holder.path)).body;
    const created = await holder.create(body, limited);
    expect([created.status, created.body.code]).toEqual([403, 'CreateToken.NetworksExceedCaller']);
    expect((await api.get(holder.path)).body.total).toBe(total);
    const { slug } = await holder.created(body);
    const rotated = await holder.rotate(slug, { graceSeconds: 60 }, limited);
    expect([rotated.status, rotated.body.code]).toEqual([403, 'RotateToken.NetworksExceedCaller']);
    expect(await holder.show(slug)).toMatchObject({ state: 'active', flags: ['unused'] });
  });

  it('403 for scopes comes first, as for whoever has no networks', async () => {
    const reader = new Api((await holder.created({ scopes: ['write:tokens'], allowedCidrs: HERE })).token);
    expect((await holder.create({}, reader)).body.code).toBe('CreateToken.ScopesExceedCaller');
  });

  it('does not appear in what GET /api/me says', async () => {
    expect(JSON.stringify((await limited.get('/api/me')).body)).not.toMatch(/networks|allowedCidrs/);
  });
});

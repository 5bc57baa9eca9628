import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateToken } from '../../src/tokens/token-format.js';
import { testApp, useApp } from '../support/app.js';
import { anOrg, mint } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { RawAnswer } from '../support/raw-http.js';
import { sendRaw } from '../support/raw-http.js';
import { pause } from '../support/server-process.js';

useApp();

const PATH = '/api/tokens/validate';

let org: TestOrganization;
let token: string;
beforeAll(async () => {
  org = await anOrg('read:customers', 'write:instances');
  token = org.api.token!;
});

/** Sends a request as it is, and ends the connection with it. */
const ask = (lines: readonly string[], method = 'GET', path = PATH): Promise<RawAnswer> =>
  sendRaw([`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...lines, '', ''].join('\r\n'));

const withToken = (bearer: string, ...more: string[]): Promise<RawAnswer> =>
  ask([`Authorization: Bearer ${bearer}`, ...more]);

function claimsOf(answer: RawAnswer): Record<string, unknown> {
  const [, jwt] = /^Bearer (\S+)$/.exec(answer.headers.authorization!)!;
  const [header, payload, signature] = jwt!.split('.');
  expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toEqual({ alg: 'none', typ: 'JWT' });
  expect(signature).toBe('');
  return JSON.parse(Buffer.from(payload!, 'base64url').toString());
}

describe(`GET ${PATH}`, () => {
  it('200 with the principal as an unsigned JWT, and nothing else', async () => {
    const before = Math.floor(Date.now() / 1000);
    const answer = await withToken(token);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-length': '0' });
    const { body: me } = await org.api.get('/api/me');
    const { iat, exp, kaiten_token_hash, ...claims } = claimsOf(answer);
    expect(claims).toEqual({
      sub: `sa_${org.account.id.replaceAll('-', '')}`,
      kaiten_external_org_id: org.org.externalId,
      scopes: ['read:customers', 'write:instances'],
      kaiten_token_id: me.token.id,
    });
    expect(kaiten_token_hash).toMatch(/^[\w-]{43}$/);
    expect(iat).toBeGreaterThanOrEqual(before);
    expect(exp).toBe((iat as number) + 3600);
  });

  it('200 the first time, when the token has to be looked up, and from then on the same', async () => {
    const fresh = await mint(org.org, org.account.id, ['read:*']);
    const answers = [await withToken(fresh), await withToken(fresh)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [first, second] = answers.map((answer) => {
      const { date, authorization, ...headers } = answer.headers;
      const { iat, exp, ...claims } = claimsOf(answer);
      return { headers, claims };
    });
    expect(first).toEqual(second);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '200 and 401 whatever the method: %s',
    async (method) => {
      const good = await ask([`Authorization: Bearer ${token}`], method);
      expect([good.status, claimsOf(good).kaiten_external_org_id]).toEqual([200, org.org.externalId]);
      expect((await ask([`Authorization: Bearer ${generateToken()}`], method)).status).toBe(401);
      expect((await ask([], method)).status).toBe(401);
    },
  );

  it('200 with exp no later than the token', async () => {
    const expiresAt = new Date(Date.now() + 120_900);
    const { exp } = claimsOf(await withToken(await mint(org.org, org.account.id, ['read:*'], expiresAt)));
    expect(exp).toBe(Math.floor(expiresAt.getTime() / 1000));
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])('200 for the scheme as %s', async (scheme) => {
    expect((await ask([`aUTHORIZATION: ${scheme} ${token}`])).status).toBe(200);
  });

  it('200 with a query, which is not looked at', async () => {
    expect((await ask([`Authorization: Bearer ${token}`], 'GET', `${PATH}?token=x&%ff`)).status).toBe(200);
    expect((await ask([], 'GET', `${PATH}?access_token=${token}`)).status).toBe(401);
  });

  it.each(['http://localhost', 'HTTP://localhost:6000', 'https://api.example.com'])(
    '200 and 401 for a target in absolute form: %s',
    async (origin) => {
      for (const target of [`${origin}${PATH}`, `${origin}${PATH}?x=1`]) {
        expect((await ask([`Authorization: Bearer ${token}`], 'GET', target)).status).toBe(200);
        const { status, body } = await ask([], 'GET', target);
        expect([status, body.code]).toEqual([401, 'ValidateToken.MissingAuthorizationHeader']);
      }
    },
  );

  it.each([[[]], [['Authorization:']], [['Authorization:  \t ']]])('401 without a credential: %j', async (lines) => {
    const answer = await ask(lines);
    expect([answer.status, answer.body.code]).toEqual([401, 'ValidateToken.MissingAuthorizationHeader']);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer realm="kaiten"',
      'cache-control': 'no-store',
    });
    expect(answer.headers.authorization).toBeUndefined();
  });

  it('401 with one answer for every other cause, to the byte', async () => {
    const revoked = await org.as('read:*');
    const { body: me } = await revoked.get('/api/me');
    const { api } = await anOrg();
    const account = (await api.post('/api/service-accounts', { name: 'Gone' })).body;
    const orphan = (await api.post(`/api/service-accounts/${account.slug}/tokens`, { name: 'x', scopes: ['read:*'] }))
      .body.token;
    expect((await api.delete(`/api/service-accounts/${account.slug}`)).status).toBe(204);
    await testApp().owner.query('UPDATE tokens SET revoked_at = now() WHERE id = $1', [me.token.id]);
    // Long enough for a machine that may be busy.
    const expiresAt = new Date(Date.now() + 2_000);
    const expired = await mint(org.org, org.account.id, ['read:*'], expiresAt);
    await pause(expiresAt.getTime() - Date.now() + 10);
    const limited = await mint(org.org, org.account.id, ['read:*']);
    await testApp().owner.query(
      `UPDATE tokens SET allowed_cidrs = '{192.0.2.0/24}' WHERE organization_id = $1 AND last_four = $2`,
      [org.org.id, limited.slice(-4)],
    );
    const headers = [
      `Bearer ${generateToken()}`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token}x`,
      `Bearer ksm_${token.slice(4)}`,
      `Bearer ${revoked.token}`,
      `Bearer ${orphan}`,
      `Bearer ${expired}`,
      `Bearer ${limited}`,
      `Bearer`,
      `Bearer  ${token}`,
      `Basic ${Buffer.from(`x:${token}`).toString('base64')}`,
      token,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer eyJhbGciOiJub25lIn0.e30.`,
    ];
    const answers = [];
    for (const value of headers) answers.push(await ask([`Authorization: ${value}`]));
    answers.push(await ask([`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`]));
    for (const { status, body, text, headers: found } of answers) {
      expect([status, body.code]).toEqual([401, 'ValidateToken.Invalid']);
      expect(text).toBe(answers[0]!.text);
      expect({ ...found, date: '' }).toEqual({ ...answers[0]!.headers, date: '' });
    }
  });

  it.each([
    `${PATH}/`,
    `${PATH}/x`,
    '/api/tokens/Validate',
    '/api/tokens//validate',
    '/api//tokens/validate',
    '/api/tokens/%76alidate',
    '/api/tokens/validate%2f',
    '/api/tokens/validate;x',
    '/tokens/validate',
    `http://localhost${PATH}/`,
    `http://localhost/x${PATH}`,
    `ftp://localhost${PATH}`,
  ])('404 beside the one path: %s', async (path) => {
    const { status, headers } = await ask([`Authorization: Bearer ${token}`], 'GET', path);
    expect([status, headers.authorization]).toEqual([404, undefined]);
  });

  it('leaves nothing in the log but that something was refused', async () => {
    const before = testApp().log().length;
    await withToken(token);
    await withToken(generateToken());
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const lines = testApp().log().slice(before).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['validate refused']);
  });
});

describe('where a token may be used from', () => {
  let limited: string;
  beforeAll(async () => {
    limited = await mint(org.org, org.account.id, ['read:*']);
    await testApp().owner.query(
      `UPDATE tokens SET allowed_cidrs = '{192.0.2.0/24}' WHERE organization_id = $1 AND last_four = $2`,
      [org.org.id, limited.slice(-4)],
    );
  });

  it.each([
    'X-Forwarded-For: 192.0.2.7',
    'x-forwarded-for: 192.0.2.7',
    'X_Forwarded_For: 192.0.2.7',
    'X-Real-IP: 192.0.2.7',
    'Forwarded: for=192.0.2.7',
    'X-Client-IP: 192.0.2.7',
    'X-Forwarded-For: 192.0.2.7, 127.0.0.1',
  ])('is not for the client to say: %s', async (line) => {
    expect((await withToken(limited, line)).status).toBe(401);
    expect(
      (
        await sendRaw(
          `GET /api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${limited}\r\n${line}\r\n\r\n`,
        )
      ).status,
    ).toBe(401);
  });
});

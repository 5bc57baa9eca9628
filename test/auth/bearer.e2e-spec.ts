import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateToken } from '../../src/tokens/token-format.js';
import { Api, anonymous } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { anOrg, mint } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { RawAnswer } from '../support/raw-http.js';
import { sendRaw } from '../support/raw-http.js';

useApp();

let org: TestOrganization;
let token: string;
beforeAll(async () => {
  org = await anOrg();
  token = org.api.token!;
});

/** Sends header lines as they are, which no client would do. */
const withHeaders = (...lines: string[]): Promise<RawAnswer> =>
  sendRaw(['GET /api/me HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines, '', ''].join('\r\n'));

const NO_IDENTITY = 'Bearer realm="kaiten"';
const INVALID = 'Bearer realm="kaiten", error="invalid_token", error_description="the bearer token is not valid"';

function expectRefusal(
  answer: Pick<RawAnswer, 'status' | 'body' | 'headers'>,
  code: 'Auth.NoIdentity' | 'Auth.InvalidToken',
): void {
  expect([answer.status, answer.body.code]).toEqual([401, code]);
  expect(answer.headers['www-authenticate']).toBe(code === 'Auth.NoIdentity' ? NO_IDENTITY : INVALID);
  expect(answer.headers['content-type']).toBe('application/problem+json');
}

describe('the Authorization header', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('takes the scheme as %s', async (scheme) => {
    expect((await withHeaders(`Authorization: ${scheme} ${token}`)).status).toBe(200);
  });

  it.each(['Authorization', 'authorization', 'AUTHORIZATION'])('may be written %s', async (name) => {
    expect((await withHeaders(`${name}: Bearer ${token}`)).status).toBe(200);
  });

  it('may have blanks around it, which HTTP does not count as its value', async () => {
    expect((await withHeaders(`Authorization: \t Bearer ${token} \t `)).status).toBe(200);
  });

  it('401 without it, with no error in the challenge', async () => {
    expectRefusal(await withHeaders(), 'Auth.NoIdentity');
  });

  it.each(['Authorization:', 'Authorization:   '])('401 when it is empty: %j', async (line) => {
    expectRefusal(await withHeaders(line), 'Auth.NoIdentity');
  });

  it.each<[string, () => string]>([
    ['another scheme', () => `Basic ${Buffer.from(`x:${token}`).toString('base64')}`],
    ['another scheme with the token', () => `Token ${token}`],
    ['the token without a scheme', () => token],
    ['a scheme without a token', () => 'Bearer'],
    ['a scheme that begins alike', () => `BearerX ${token}`],
    ['two blanks', () => `Bearer  ${token}`],
    ['a tab between', () => `Bearer\t${token}`],
    ['two tokens', () => `Bearer ${token} ${token}`],
    ['two tokens with a comma', () => `Bearer ${token},${token}`],
    ['two credentials with a comma', () => `Bearer ${token}, Bearer ${token}`],
    ['another credential behind a comma', () => `Basic eDp5, Bearer ${token}`],
    ['quotes', () => `Bearer "${token}"`],
    ['something behind the token', () => `Bearer ${token}=`],
    ['something in front of it', () => `Bearer x${token}`],
    ['one character less', () => `Bearer ${token.slice(0, -1)}`],
    ['another prefix', () => `Bearer ksm_${token.slice(4)}`],
    ['the prefix in upper case', () => `Bearer KSH_${token.slice(4)}`],
    ['another case', () => `Bearer ksh_${swapCase(token.slice(4))}`],
    ['a wrong checksum', () => `Bearer ${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`],
    ['a well-formed token that is unknown', () => `Bearer ${generateToken()}`],
    ['a NUL escaped', () => `Bearer ${token}%00`],
    ['a byte outside of ASCII', () => `Bearer ${token}\u00e9`],
    ['10,000 characters', () => `Bearer ksh_${'a'.repeat(10_000)}`],
  ])('401 for %s', async (_, value) => {
    expectRefusal(await withHeaders(`Authorization: ${value()}`), 'Auth.InvalidToken');
  });

  it('401 for two of them, whichever is good', async () => {
    const [good, bad] = [`Authorization: Bearer ${token}`, `Authorization: Bearer ${generateToken()}`];
    for (const lines of [
      [good, bad],
      [bad, good],
      [good, good],
      [good, 'Authorization:'],
      ['Authorization:', good],
      [good, 'authorization: Basic eDp5'],
    ]) {
      expectRefusal(await withHeaders(...lines), 'Auth.InvalidToken');
    }
  });

  it.each(['Proxy-Authorization', 'X-Authorization', 'X-Api-Key', 'X-Forwarded-Authorization', 'Cookie'])(
    '401 for a credential in %s',
    async (name) => {
      expectRefusal(await withHeaders(`${name}: Bearer ${token}`), 'Auth.NoIdentity');
    },
  );
});

describe('a token elsewhere', () => {
  it.each(['access_token', 'token', 'Authorization'])('401 in the query as %s', async (name) => {
    expectRefusal(await anonymous.get(`/api/me?${name}=${token}`), 'Auth.NoIdentity');
  });

  it('is not looked at beside a header that is bad', async () => {
    expectRefusal(await new Api(generateToken()).get(`/api/me?access_token=${token}`), 'Auth.InvalidToken');
  });

  it('401 in the body: as JSON and as a form', async () => {
    expectRefusal(await anonymous.post('/api/customers', { name: 'X', access_token: token }), 'Auth.NoIdentity');
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expectRefusal(
      await anonymous.send('POST', '/api/customers', { raw: `access_token=${token}`, headers }),
      'Auth.NoIdentity',
    );
  });

  it('does not disturb a good header: an unknown parameter or key, as any other', async () => {
    const { status, body } = await org.api.post('/api/customers', { name: 'X', access_token: token });
    expect([status, body.errors[0].location]).toEqual([422, 'body.access_token']);
  });
});

describe('a token that was good', () => {
  it('401 once it is revoked, with the next request', async () => {
    const { body } = await org.api.post(`/api/service-accounts/${org.account.slug}/tokens`, {
      name: 'brief',
      scopes: ['read:*'],
    });
    const api = new Api(body.token);
    expect((await api.get('/api/customers')).status).toBe(200);
    expect((await org.api.delete(`/api/service-accounts/${org.account.slug}/tokens/${body.slug}`)).status).toBe(204);
    expectRefusal(await api.get('/api/customers'), 'Auth.InvalidToken');
  });

  it('401 from the millisecond of its expiry on, and not before', async () => {
    const expiresAt = new Date(Date.now() + 1_500);
    const api = new Api(await mint(org.org, org.account.id, ['read:*'], expiresAt));
    let lastGood = 0;
    let firstBad = Infinity;
    while (firstBad === Infinity) {
      const sent = Date.now();
      const { status, body } = await api.get('/api/me');
      if (status === 200) {
        expect(body.token.expiresAt).toBe(expiresAt.toISOString());
        lastGood = sent;
      } else {
        expect(body.code).toBe('Auth.InvalidToken');
        firstBad = Date.now();
      }
    }
    // Judged somewhere between being sent and being answered.
    expect(lastGood).toBeGreaterThan(0);
    expect(lastGood).toBeLessThan(expiresAt.getTime());
    expect(firstBad).toBeGreaterThanOrEqual(expiresAt.getTime());
  });

  it('401 once its account is deleted', async () => {
    const account = (await org.api.post('/api/service-accounts', { name: 'Short-lived' })).body;
    const { body } = await org.api.post(`/api/service-accounts/${account.slug}/tokens`, {
      name: 'x',
      scopes: ['read:*'],
    });
    const api = new Api(body.token);
    expect((await api.get('/api/me')).status).toBe(200);
    expect((await org.api.delete(`/api/service-accounts/${account.slug}`)).status).toBe(204);
    expectRefusal(await api.get('/api/me'), 'Auth.InvalidToken');
  });

  it('401 while its account is gone, though the token was left unrevoked by a race', async () => {
    const account = (await org.api.post('/api/service-accounts', { name: 'Raced' })).body;
    const { body } = await org.api.post(`/api/service-accounts/${account.slug}/tokens`, {
      name: 'x',
      scopes: ['read:*'],
    });
    const { owner } = testApp();
    await owner.query('DELETE FROM service_accounts WHERE id = $1', [account.id]);
    expect(await owner.query('SELECT revoked_at FROM tokens WHERE id = $1', [body.id])).toEqual([{ revoked_at: null }]);
    expectRefusal(await new Api(body.token).get('/api/me'), 'Auth.InvalidToken');
  });
});

function swapCase(text: string): string {
  return [...text].map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join('');
}

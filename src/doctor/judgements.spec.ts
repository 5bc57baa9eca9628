import { describe, expect, it } from '@jest/globals';
import { invalidClaims, invalidToken, missingScope, noIdentity, untrustedGateway } from '../auth/auth.errors.js';
import type { Problem } from '../http/problem.js';
import { judgeAddress } from './address-probes.js';
import type { Answer } from './answer.js';
import type { Me } from './probe.js';
import { judgeForgery } from './probe.js';

const me: Me = {
  user: { id: 'u' },
  organization: { id: 'o', externalId: 'org_o', slug: 'sakura' },
  token: { id: 't' },
  clientAddress: '192.0.2.1',
  forwardingHeaders: ['x-forwarded-for', 'x-forwarded-proto'],
};
const answer = (status: number, body?: object, headers: Answer['headers'] = {}): Answer => {
  const { code } = { ...body } as { code?: string };
  return { status, headers, body: body as Answer['body'], code };
};
/** As validate has it. */
const OF_VALIDATE = 'Bearer realm="kaiten", error="invalid_token", error_description="the token is not valid"';
const challenge = (problem: Problem): Answer['headers'] => ({
  'www-authenticate': problem.extras.headers!['WWW-Authenticate']!,
});

describe('judgeForgery', () => {
  it.each([
    ['ok', 'by validate', answer(401, { code: 'ValidateToken.Invalid' })],
    ['ok', 'by validate, whose words are lost', answer(401, undefined, { 'www-authenticate': OF_VALIDATE })],
    ['ok', 'by whoever got no credential, and whose words are lost', answer(401, undefined, challenge(noIdentity()))],
    ['ok', 'by a gateway that has reasons of its own', answer(403)],
    ['ok', 'by a gateway that does not know such a thing', answer(501)],
    ['ok', 'by a gateway that does not parse it', answer(400)],
    ['ok', 'by the API, without a credential', answer(401, { code: 'Auth.NoIdentity' })],
    ['ok', 'by a path of nobody', answer(404, { code: 'NOT_FOUND' })],
    ['ok', 'with something public', answer(200, { status: 'ok' })],
    ['undecided', 'by nobody knows whom', answer(401)],
    ['undecided', 'during an outage', answer(503, { code: 'ValidateToken.Undecidable' })],
    ...[500, 502, 503, 504].map((status) => ['undecided', 'by a gateway that is on its own', answer(status)] as const),
    ['undecided', 'for there being too many', answer(429)],
    ['finding', 'by the API, which cannot decide', answer(503, { code: 'UNAVAILABLE' })],
    ...[invalidToken(), untrustedGateway(), invalidClaims('x'), missingScope('read:customers')].map(
      (problem) =>
        ['finding', 'by the API, whose words are lost', answer(problem.status, undefined, challenge(problem))] as const,
    ),
    ['finding', 'by the API', answer(401, { code: 'Auth.UntrustedGateway' })],
    ['finding', "by the API's scopes", answer(403, { code: 'Auth.MissingScope' })],
    ['finding', "by the API's methods", answer(405, { code: 'METHOD_NOT_ALLOWED' })],
    ['finding', 'with an identity', answer(200, me)],
  ])('%s: answered %s', (outcome, _, given) => {
    const judged = judgeForgery(given, 'Gain.');
    expect(judged.outcome).toBe(outcome);
    expect(judged.says.endsWith('Gain.')).toBe(outcome === 'finding');
  });
});

describe('judgeAddress', () => {
  const after = (change: Partial<Me>): ReturnType<typeof judgeAddress> =>
    judgeAddress(answer(200, { ...me, ...change }), me);

  it.each([
    ['ok', 'changes nothing', {}],
    ['finding', 'believed', { clientAddress: '203.0.113.77' }],
    ['finding', 'believed', { clientAddress: undefined }],
    ['finding', 'arrives', { forwardingHeaders: ['x-forwarded-for', 'x_forwarded_for', 'x-forwarded-proto'] }],
    ['finding', 'arrives', { forwardingHeaders: ['x-forwarded-for', 'x-forwarded-for', 'x-forwarded-proto'] }],
    ['finding', 'leave out x-forwarded-for', { forwardingHeaders: ['x-forwarded-proto'] }],
  ])('%s: %s (%j)', (outcome, says, change) => {
    expect(after(change)).toEqual({ outcome, says: expect.stringContaining(says) });
  });

  it('takes a refusal for a good answer, and an outage for none', () => {
    expect(judgeAddress(answer(400), me).outcome).toBe('ok');
    expect(judgeAddress(answer(502), me).outcome).toBe('undecided');
    expect(judgeAddress(answer(429), me).outcome).toBe('undecided');
  });
});

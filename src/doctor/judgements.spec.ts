import { describe, expect, it } from '@jest/globals';
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
const answer = (status: number, body?: object): Answer => {
  const { code } = { ...body } as { code?: string };
  return { status, headers: {}, body: body as Answer['body'], code };
};

describe('judgeForgery', () => {
  it.each([
    ['ok', 'by validate', answer(401, { code: 'ValidateToken.Invalid' })],
    ['ok', 'by someone who does not say why', answer(401)],
    ['ok', 'by a gateway that does not parse it', answer(400)],
    ['ok', 'by the API, without a credential', answer(401, { code: 'Auth.NoIdentity' })],
    ['ok', 'by a path of nobody', answer(404, { code: 'NOT_FOUND' })],
    ['ok', 'with something public', answer(200, { status: 'ok' })],
    ['skipped', 'during an outage', answer(503, { code: 'ValidateToken.Undecidable' })],
    ['skipped', 'for there being too many', answer(429)],
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
    expect(judgeAddress(answer(503), me).outcome).toBe('skipped');
  });
});

import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { createFlag, FLAGS } from '../support/flags.js';
import type { Gateway } from '../support/gateways.js';
import { KINDS, startGateway } from '../support/gateways.js';
import { anOrg } from '../support/organizations.js';

jest.setTimeout(60_000);

const PAGE = 'https://app.example.com';
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32', FLAGS_CORS_ORIGINS: PAGE } });

/** What browsers send before a page's first evaluation: without the token, which they ask to be allowed to send. */
const PREFLIGHT = {
  Origin: PAGE,
  'Access-Control-Request-Method': 'POST',
  'Access-Control-Request-Headers': 'authorization,content-type,if-none-match',
};

describe.each(KINDS)('a preflight through %s', (kind) => {
  let gateway: Gateway;
  beforeAll(async () => {
    const { port } = testApp().server.address() as AddressInfo;
    gateway = await startGateway(kind, { api: port, console: port });
  });
  afterAll(() => gateway?.stop());

  const ask = (path: string, headers: Record<string, string> = PREFLIGHT, method = 'OPTIONS'): Promise<Response> =>
    fetch(gateway.url + path, { method, headers });
  const refusal = async (response: Response): Promise<unknown[]> => [
    response.status,
    ((await response.json()) as { code: string }).code,
  ];
  const BY_VALIDATE = [401, 'ValidateToken.MissingAuthorizationHeader'];

  it.each([FLAGS, `${FLAGS}/checkout`])('is answered by the server: %s', async (path) => {
    const response = await ask(path);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('is answered whatever credential it has, which the server does not get', async () => {
    const response = await ask(FLAGS, { ...PREFLIGHT, Authorization: 'Bearer nonsense' });
    expect(response.status).toBe(204);
  });

  it('opens nothing else: other paths, other methods, and what is no preflight', async () => {
    for (const path of ['/api/me', '/api/feature-flags', `${FLAGS}/a/b`, `${FLAGS}x`, `/x${FLAGS}`])
      expect([path, ...(await refusal(await ask(path)))]).toEqual([path, ...BY_VALIDATE]);
    expect(await refusal(await ask(FLAGS, PREFLIGHT, 'POST'))).toEqual(BY_VALIDATE);
    expect(await refusal(await ask(`${FLAGS}/checkout`, PREFLIGHT, 'GET'))).toEqual(BY_VALIDATE);
    const { Origin: _, ...noPage } = PREFLIGHT;
    const { 'Access-Control-Request-Method': __, ...noMethod } = PREFLIGHT;
    for (const headers of [{}, noPage, noMethod, { ...PREFLIGHT, 'Access-Control-Request-Method': 'GET' }])
      expect(await refusal(await ask(FLAGS, headers))).toEqual(BY_VALIDATE);
  });

  it('is followed by the evaluation, whose token is validated', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'checkout');
    const headers = { Origin: PAGE, Authorization: `Bearer ${org.api.token}` };
    const response = await ask(`${FLAGS}/checkout`, headers, 'POST');
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
  });
});

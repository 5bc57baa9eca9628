import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { evaluate } from '../support/announced-streams.js';
import { testApp, useApp } from '../support/app.js';
import { EventStream } from '../support/event-stream.js';
import { createFlag } from '../support/flags.js';
import type { Gateway } from '../support/gateways.js';
import { KINDS, startGateway } from '../support/gateways.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

jest.setTimeout(60_000);
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

const EVENTS = '/api/ofrep/v1/events';

describe.each(KINDS)('a stream of events through %s', (kind) => {
  let gateway: Gateway;
  let org: TestOrganization;
  beforeAll(async () => {
    org = await anOrg();
    const { port } = testApp().server.address() as AddressInfo;
    gateway = await startGateway(kind, { api: port, console: port });
  });
  afterAll(() => gateway?.stop());

  it.each(['url', 'consoleUrl'] as const)(
    'opens with its ticket alone and tells of a change at once: %s',
    async (name) => {
      const url = gateway[name];
      const { streamUrl } = await evaluate(url, org.api.token!);
      const stream = await EventStream.open(streamUrl!);
      await stream.until(() => stream.retry !== undefined);
      await createFlag(org.api, `flag-${name.toLowerCase()}`);
      expect((await stream.event(1)).data.type).toBe('refetchEvaluation');
      stream.close();
    },
  );

  it('is refused by the server without one', async () => {
    const stream = await EventStream.open(gateway.url + EVENTS, { Authorization: `Bearer ${org.api.token}` });
    expect([stream.status, (await stream.problem()).code]).toEqual([401, 'FlagEvents.InvalidTicket']);
  });
});

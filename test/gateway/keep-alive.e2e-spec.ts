import type { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import type { Gateway } from '../support/gateways.js';
import { KINDS, startGateway } from '../support/gateways.js';
import { anOrg } from '../support/organizations.js';
import { exchange } from './exchange.js';

jest.setTimeout(180_000);
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

const ORGANIZATIONS = 8;
const TOKENS_EACH = 4;
const CONNECTIONS = 16;
const REQUESTS = 10_000;

/** A token, and what every answer to it must say. */
interface Holder {
  readonly token: string;
  readonly organizationId: string;
  readonly customer: string;
}

let holders: Holder[];

beforeAll(async () => {
  holders = [];
  for (let i = 0; i < ORGANIZATIONS; i++) {
    const { org, api, as } = await anOrg();
    await api.post('/api/customers', { name: org.id });
    for (let j = 0; j < TOKENS_EACH; j++) {
      const { token } = await as('read:customers');
      holders.push({ token: token!, organizationId: org.id, customer: org.id });
    }
  }
});

describe.each(KINDS)('%s', (kind) => {
  let gateway: Gateway;
  const arriving = new Set<Socket>();
  const remember = (socket: Socket): void => void arriving.add(socket);

  beforeAll(async () => {
    const { port } = testApp().server.address() as AddressInfo;
    testApp().server.on('connection', remember);
    gateway = await startGateway(kind, { api: port, console: port });
  });
  afterAll(async () => {
    testApp().server.off('connection', remember);
    await gateway.stop();
  });

  it(`${REQUESTS} requests of ${ORGANIZATIONS} organizations over the same connections: none is answered as another`, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    let asked = 0;
    const wrong: unknown[] = [];
    const work = async (): Promise<void> => {
      while (asked < REQUESTS) {
        // Neighbours on a connection are of different organizations; who shares one with whom changes all the time.
        const number = asked++;
        const { token, organizationId, customer } = holders[(number * 7) % holders.length]!;
        const path = number % 4 === 0 ? '/api/customers' : '/api/me';
        const { status, body } = await exchange(gateway.url + path, {
          agent,
          headers: ['Authorization', `Bearer ${token}`],
        });
        const answered = path === '/api/me' ? body?.organization?.id : body?.items?.[0]?.name;
        if (status !== 200 || answered !== (path === '/api/me' ? organizationId : customer) || body.total > 1) {
          wrong.push({ number, path, status, answered });
        }
      }
    };
    await Promise.all(Array.from({ length: 2 * CONNECTIONS }, work));
    agent.destroy();
    expect(wrong).toEqual([]);
    expect(asked).toBe(REQUESTS);
    // Two requests each would be 20,000 connections if the gateway did not keep them.
    expect(arriving.size).toBeLessThan(REQUESTS / 10);
  });
});

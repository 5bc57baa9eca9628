import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import type { Fault, Gateway } from '../support/gateways.js';
import { KINDS, startGateway } from '../support/gateways.js';
import { anOrg } from '../support/organizations.js';
import { pause } from '../support/server-process.js';
import type { Answered } from './exchange.js';
import { exchange } from './exchange.js';

jest.setTimeout(60_000);
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

let token: string;
beforeAll(async () => {
  token = (await anOrg()).api.token!;
});

const asking = (gateway: Gateway, credential = token): Promise<Answered> =>
  exchange(`${gateway.url}/api/me`, { headers: ['Authorization', `Bearer ${credential}`] });

describe.each(KINDS)('%s', (kind) => {
  describe('the server goes away behind it', () => {
    let way: CutOff;
    let gateway: Gateway;

    beforeAll(async () => {
      way = await CutOff.to((testApp().server.address() as AddressInfo).port);
      gateway = await startGateway(kind, { api: way.port, console: way.port });
    });
    afterAll(async () => {
      await gateway.stop();
      await way.cut();
    });

    it('nothing is let through, and no token is called bad; it serves again when the server is back', async () => {
      expect((await asking(gateway)).status).toBe(200);
      await way.cut();
      for (const credential of [token, token, 'garbage', 'forged.principal.']) {
        expect([502, 503, 504]).toContain((await asking(gateway, credential)).status);
      }
      await way.mend();
      const deadline = Date.now() + 15_000;
      let status = 0;
      while (status !== 200 && Date.now() < deadline) {
        ({ status } = await asking(gateway));
        if (status !== 200) await pause(100);
      }
      expect(status).toBe(200);
    });

    it('a server that takes connections and says nothing is one that is away', async () => {
      await way.silence();
      expect([502, 503, 504]).toContain((await asking(gateway)).status);
      await way.mend();
    });
  });

  describe('validate answers', () => {
    let server: Server;
    let gateway: Gateway;
    let answer: (response: ServerResponse) => void;
    /** Requests that got past validation. */
    let passed: IncomingMessage[];

    beforeAll(async () => {
      server = createServer((request, response) => {
        if (request.url!.split('?')[0] === '/api/tokens/validate') return answer(response);
        passed.push(request);
        response.end();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      gateway = await startGateway(kind, { api: port, console: port });
    });
    afterAll(async () => {
      await gateway.stop();
      server.close();
      server.closeAllConnections();
    });
    beforeEach(() => {
      passed = [];
    });

    /** What the API could take for a credential. Caddy writes down the name of what it looked for in vain. */
    const credentials = (): string[] =>
      passed.map(({ headers }) => headers.authorization ?? '').filter((value) => !/^(?:\{.*\})?$/.test(value));

    it('503: that it is, and when to try again', async () => {
      answer = (response) =>
        void response
          .writeHead(503, { 'Retry-After': '7', 'Content-Type': 'application/problem+json' })
          .end('{"code":"ValidateToken.Undecidable"}');
      const { status, headers, body } = await asking(gateway);
      expect([status, headers['retry-after'], body.code]).toEqual([503, ['7'], 'ValidateToken.Undecidable']);
      expect(headers['content-type']).toEqual(['application/problem+json']);
      expect(passed).toEqual([]);
    });

    it.each([201, 204, 302, 400, 403, 404, 500])('%d: no request gets past it with what it brought', async (code) => {
      answer = (response) => void response.writeHead(code, { Location: '/' }).end();
      const { status } = await asking(gateway);
      // A gateway takes every 2xx for a yes; the API then gets no credential.
      expect(credentials()).toEqual([]);
      if (code >= 300) expect([passed.length, status === 200]).toEqual([0, false]);
    });

    it('200 without a principal: the API gets no credential, least of all the client’s', async () => {
      answer = (response) => void response.end();
      await asking(gateway);
      expect(credentials()).toEqual([]);
    });

    if (kind !== 'caddy') return;
    it('the same in versions whose copy_headers then leaves what there is (before 2.11.2)', async () => {
      answer = (response) => void response.end();
      const { port } = server.address() as AddressInfo;
      // That is what it does with a header that the answer has not: nothing.
      const fault: Fault = { proxy: {}, caddy: [['\tcopy_headers Authorization\n', '']] };
      const young = await startGateway(kind, { api: port, console: port }, fault);
      for (const url of [young.url, young.consoleUrl]) {
        await exchange(`${url}/api/me`, { headers: ['Authorization', `Bearer ${token}`] });
      }
      await young.stop();
      expect(passed.length).toBe(2);
      expect(credentials()).toEqual([]);
    });
  });
});

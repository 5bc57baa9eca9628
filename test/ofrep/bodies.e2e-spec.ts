import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { createFlag, evaluateAll, FLAGS, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

jest.setTimeout(30_000);
useApp();

/** Large bodies are written into memory that is used again: nobody may see of it what was another's, whatever happens to connections. */
let organizations: { org: TestOrganization; mark: string }[];

beforeAll(async () => {
  organizations = [];
  for (const [index, mark] of ['a', 'b', 'c'].entries()) {
    const org = await anOrg();
    for (let i = 0; i < 20 * (index + 1); i++) {
      const value = mark.repeat(3_000);
      await createFlag(org.api, `${mark}-${i}`, {
        type: 'string',
        variants: [{ name: 'all', description: '', value }],
        default_variant: { type: 'basic', value: 'all' },
        targetings: i % 2 === 0 ? [when('false', 'all')] : [],
      });
    }
    organizations.push({ org, mark });
  }
});

const request = ({ org }: { org: TestOrganization }): string =>
  rawRequest(`POST ${FLAGS}`, ['Content-Length: 2'], org.api.token, '{}');

/** A connection that asks several times at once, and reads nothing until it is told to. */
async function reluctant(one: (typeof organizations)[number], times: number): Promise<Socket> {
  const { port } = testApp().server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(request(one).repeat(times));
  return socket;
}

/** All that comes until so many answers have ended. */
async function readAll(socket: Socket, answers: number): Promise<string> {
  const chunks: Buffer[] = [];
  let ended = 0;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    // The next answer begins where one ends, and the last one ends with what there is.
    if (chunk.includes('}'))
      ended =
        Buffer.concat(chunks)
          .toString()
          .split(/\]\}(?:HTTP|$)/).length - 1;
  });
  socket.resume();
  while (ended < answers) await once(socket, 'data');
  return Buffer.concat(chunks).toString();
}

it('an answer has what is its organization’s, and all of it', async () => {
  const expected = new Map<string, unknown>();
  for (const { org, mark } of organizations) expected.set(mark, (await evaluateAll(org.api)).body.flags);
  const TIMES = 60;
  for (let round = 0; round < 2; round++) {
    const slow = await Promise.all(organizations.map((one) => reluctant(one, TIMES)));
    const gone = await Promise.all(organizations.map((one) => reluctant(one, TIMES)));
    const quick = Array.from({ length: 30 }, async (_, index) => {
      const one = organizations[index % organizations.length]!;
      if (index % 10 === 0) gone[index / 10]!.destroy();
      const { status, body } = await sendRaw(request(one));
      expect(status).toBe(200);
      expect(body.flags).toEqual(expected.get(one.mark));
    });
    await Promise.all(quick);
    for (const [index, { mark }] of organizations.entries()) {
      const text = await readAll(slow[index]!, TIMES);
      const others = organizations.filter((other) => other.mark !== mark).map((other) => other.mark.repeat(10));
      expect(others.filter((other) => text.includes(other))).toEqual([]);
      expect(text.split(mark.repeat(3_000))).toHaveLength(TIMES * (expected.get(mark) as unknown[]).length + 1);
      slow[index]!.destroy();
    }
  }
});

import { expect, it } from '@jest/globals';
import { generateToken } from '../src/tokens/token-format.js';
import { useApp } from './support/app.js';
import type { TestOrganization } from './support/organizations.js';
import { anOrg } from './support/organizations.js';
import { RawConnection, rawRequest } from './support/raw-http.js';

useApp();

const PATHS = ['GET /api/me', 'POST /api/ofrep/v1/evaluate/flags', 'GET /api/tokens/validate'];

it.each(PATHS)('%s judges each request of a connection by its own token', async (path) => {
  const [one, two, three] = [await anOrg(), await anOrg(), await anOrg()];
  const tokens = [one, two, three].map(({ api }) => api.token!);
  const other = tokens[0]!.slice(0, 20) + (tokens[0]![20] === 'a' ? 'b' : 'a') + tokens[0]!.slice(21);
  const connection = await RawConnection.open();
  const statusOf = async (token: string | undefined): Promise<number> => {
    connection.write(rawRequest(path, path.startsWith('POST') ? ['Content-Length: 0'] : [], token));
    return (await connection.answer()).status;
  };
  const statuses = async (all: readonly (string | undefined)[]): Promise<number[]> => {
    const each = [];
    for (const token of all) each.push(await statusOf(token));
    return each;
  };
  const [a, b, c] = tokens as [string, string, string];
  expect(await statuses([a, a, b, a, other, other, a, undefined, a, generateToken(), a, `${a}0`, a, c, c])).toEqual([
    200, 200, 200, 200, 401, 401, 200, 401, 200, 401, 200, 401, 200, 200, 200,
  ]);
  await revokeOwn(three);
  expect(await statuses([c, c, a, c, a])).toEqual([401, 401, 200, 401, 200]);
  connection.destroy();
});

it('GET /api/me answers each request of a connection to its own organization', async () => {
  const holders = [await anOrg(), await anOrg()];
  const connection = await RawConnection.open();
  for (const { api, org } of [...holders, ...holders, holders[1]!, holders[0]!]) {
    connection.write(rawRequest('GET /api/me', [], api.token));
    expect((await connection.answer()).body.organization.id).toBe(org.id);
  }
  connection.destroy();
});

async function revokeOwn({ api }: TestOrganization): Promise<void> {
  expect((await api.send('DELETE', '/api/me/token')).status).toBe(204);
}

import { OFREPProvider } from '@openfeature/ofrep-provider';
import { ErrorCode, OpenFeature } from '@openfeature/server-sdk';
import type { Client, EvaluationContext } from '@openfeature/server-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import { databaseUrl } from '../support/database.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { createFlag, replaceFlag, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { createSuiteFlags, SETTINGS } from './suite-flags.js';

useApp();

let org: TestOrganization;
let token: string;
let client: Client;

beforeAll(async () => {
  org = await anOrg();
  token = (await org.as('read:feature_flags')).token!;
  await createSuiteFlags(org.api);
  client = await connect({});
});
afterAll(() => OpenFeature.close());

interface Connection {
  readonly url?: string;
  readonly credential?: string;
  readonly fetchImplementation?: typeof fetch;
}

let clients = 0;

/** A client of OpenFeature, with a provider of its own. */
async function connect({ url, credential = token, fetchImplementation }: Connection): Promise<Client> {
  const domain = `client ${(clients += 1)}`;
  await OpenFeature.setProviderAndWait(
    domain,
    new OFREPProvider({
      baseUrl: `${url ?? testApp().url}/api`,
      headers: [['Authorization', `Bearer ${credential}`]],
      fetchImplementation,
    }),
  );
  return OpenFeature.getClient(domain);
}

describe('values, variants, reasons and metadata', () => {
  it('boolean', async () => {
    const details = {
      flagKey: 'checkout',
      flagMetadata: { owner: 'web', retries: 3, beta: true },
      ...{ value: true, variant: 'on', reason: 'TARGETING_MATCH' },
    };
    expect(await client.getBooleanDetails('checkout', false, { plan: 'pro' })).toEqual(details);
    expect(await client.getBooleanDetails('checkout', true, { plan: 'free' })).toEqual({
      ...details,
      ...{ value: false, variant: 'off', reason: 'DEFAULT' },
    });
  });

  it('string', async () => {
    expect(await client.getStringDetails('banner', 'none')).toEqual({
      flagKey: 'banner',
      flagMetadata: {},
      ...{ value: 'こんにちは', variant: 'greeting', reason: 'STATIC' },
    });
  });

  it('number', async () => {
    expect(await client.getNumberDetails('limit', 0)).toMatchObject({ value: 2.5, variant: 'large', reason: 'STATIC' });
  });

  it('object', async () => {
    const details = await client.getObjectDetails('settings', {});
    expect(details).toMatchObject({ value: SETTINGS, variant: 'semantic', reason: 'STATIC' });
    expect(details.value).toEqual(SETTINGS);
  });

  it('by a percentage, and disabled', async () => {
    const split = await client.getBooleanDetails('half', false, { targetingKey: 'user-1' });
    expect(split).toMatchObject({ value: true, variant: 'on', reason: 'SPLIT' });
    const disabled = await client.getBooleanDetails('retired', true);
    expect(disabled).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' });
  });

  it('change with the context of the client, and with the flag', async () => {
    const other = await connect({});
    await createFlag(org.api, 'moving', { targetings: [when('plan == "pro"')] });
    expect(await other.getBooleanValue('moving', true)).toBe(false);
    other.setContext({ plan: 'pro' });
    expect(await other.getBooleanValue('moving', false)).toBe(true);
    await replaceFlag(org.api, 'moving', { targetings: [when('plan == "free"')] });
    expect(await other.getBooleanValue('moving', true)).toBe(false);
  });
});

describe('what goes wrong leaves the default, and says why', () => {
  it.each<[ErrorCode, string, EvaluationContext]>([
    [ErrorCode.FLAG_NOT_FOUND, 'no-such-flag', {}],
    [ErrorCode.TYPE_MISMATCH, 'banner', {}],
    [ErrorCode.TARGETING_KEY_MISSING, 'half', {}],
    [ErrorCode.INVALID_CONTEXT, 'checkout', { text: 'x'.repeat(65_536) }],
    [ErrorCode.INVALID_CONTEXT, 'checkout', { targetingKey: 7 as never }],
  ])('%s: %s', async (errorCode, key, context) => {
    for (const fallback of [true, false]) {
      const details = await client.getBooleanDetails(key, fallback, context);
      expect(details).toMatchObject({ value: fallback, reason: 'ERROR', errorCode, errorMessage: expect.any(String) });
    }
  });

  it('PARSE_ERROR: a body that is cut on its way', async () => {
    const cutting = await connect({
      fetchImplementation: async (request) =>
        fetch((request as Request).url, {
          method: 'POST',
          headers: (request as Request).headers,
          body: (await (request as Request).text()).slice(0, -1),
        }),
    });
    const details = await cutting.getNumberDetails('limit', 7);
    expect(details).toMatchObject({ value: 7, reason: 'ERROR', errorCode: ErrorCode.PARSE_ERROR });
  });

  it('GENERAL: no token, an unknown one, one without the scope', async () => {
    for (const credential of ['', 'ksh_none', (await org.as('read:customers')).token!]) {
      const refused = await connect({ credential });
      const details = await refused.getStringDetails('banner', 'none');
      expect(details).toMatchObject({ value: 'none', reason: 'ERROR', errorCode: ErrorCode.GENERAL });
    }
  });
});

describe('while nobody answers', () => {
  let way: CutOff;
  let server: ExtraServer | undefined;
  afterEach(async () => {
    await server?.close();
    await way.cut();
    server = undefined;
  });

  it('GENERAL and the default when the server is away, and values again when it is back', async () => {
    way = await CutOff.to(Number(new URL(testApp().url).port));
    const far = await connect({ url: `http://127.0.0.1:${way.port}` });
    expect(await far.getStringValue('banner', 'none')).toBe('こんにちは');
    await way.cut();
    const details = await far.getStringDetails('banner', 'none');
    expect(details).toMatchObject({ value: 'none', reason: 'ERROR', errorCode: ErrorCode.GENERAL });
    await way.mend();
    expect(await far.getStringValue('banner', 'none')).toBe('こんにちは');
  });

  it('GENERAL and the default when the database is away: a 503, after which the client asks again', async () => {
    const url = new URL(databaseUrl());
    way = await CutOff.to(Number(url.port));
    url.port = String(way.port);
    server = await startExtraServer({}, { databaseUrl: url.href });
    const far = await connect({ url: server.url });
    await way.cut();
    const details = await far.getStringDetails('banner', 'none');
    expect(details).toMatchObject({ value: 'none', reason: 'ERROR', errorCode: ErrorCode.GENERAL });
    await way.mend();
    // Connections to the database come back one after the other.
    let value = 'none';
    for (const deadline = Date.now() + 10_000; value === 'none' && Date.now() < deadline;)
      value = await far.getStringValue('banner', 'none');
    expect(value).toBe('こんにちは');
  });
});

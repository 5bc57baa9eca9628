import { ErrorCode, OpenFeature, ProviderStatus } from '@openfeature/web-sdk';
import type { Client, EvaluationContext } from '@openfeature/web-sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { COSTLY, createSuiteFlags, SETTINGS } from './suite-flags.js';
import { beAPage, newPage, openPage } from './web-page.js';

useApp();

let org: TestOrganization;
let token: string;

beforeAll(async () => {
  beAPage();
  org = await anOrg();
  token = (await org.as('read:feature_flags')).token!;
  await createSuiteFlags(org.api);
});
afterAll(() => OpenFeature.close());

/** A client whose context is what is given. */
async function connect(context: EvaluationContext): Promise<Client> {
  await OpenFeature.setContext(context);
  return (await openPage(testApp().url, token, { changeDetection: 'none' })).client;
}

describe('values, variants, reasons and metadata', () => {
  it('boolean', async () => {
    const client = await connect({ plan: 'pro' });
    expect(client.getBooleanDetails('checkout', false)).toEqual({
      flagKey: 'checkout',
      flagMetadata: { owner: 'web', retries: 3, beta: true },
      ...{ value: true, variant: 'on', reason: 'TARGETING_MATCH' },
    });
  });

  it('string, number and object', async () => {
    const client = await connect({});
    expect(client.getStringDetails('banner', 'none')).toEqual({
      flagKey: 'banner',
      flagMetadata: {},
      ...{ value: 'こんにちは', variant: 'greeting', reason: 'STATIC' },
    });
    const number = client.getNumberDetails('limit', 0);
    expect(number).toMatchObject({ value: 2.5, variant: 'large', reason: 'STATIC' });
    const object = client.getObjectDetails('settings', {});
    expect(object).toMatchObject({ variant: 'semantic', reason: 'STATIC' });
    expect(object.value).toEqual(SETTINGS);
  });

  it('by a percentage, and disabled', async () => {
    const client = await connect({ targetingKey: 'user-1' });
    const split = client.getBooleanDetails('half', false);
    expect(split).toMatchObject({ value: true, variant: 'on', reason: 'SPLIT' });
    const disabled = client.getBooleanDetails('retired', true);
    expect(disabled).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' });
  });

  it('change with the context, under the same targeting key: the tag of one context is none of another', async () => {
    await OpenFeature.setContext({ targetingKey: 'user-1', plan: 'free' });
    const { client, exchanges } = await openPage(testApp().url, token, { changeDetection: 'none' });
    expect(client.getBooleanDetails('checkout', true)).toMatchObject({ value: false, reason: 'DEFAULT' });
    await OpenFeature.setContext({ targetingKey: 'user-1', plan: 'pro' });
    expect(client.getBooleanDetails('checkout', false)).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
    await OpenFeature.setContext({ targetingKey: 'user-1', plan: 'pro' });
    expect(client.getBooleanValue('checkout', false)).toBe(true);
    expect(exchanges.map(({ status }) => status)).toEqual([200, 200, 304]);
    expect(exchanges.map(({ ifNoneMatch }) => ifNoneMatch)).toEqual([null, exchanges[0]!.etag, exchanges[1]!.etag]);
  });
});

describe('what goes wrong leaves the default, and says why', () => {
  it.each([ErrorCode.FLAG_NOT_FOUND, ErrorCode.TYPE_MISMATCH, ErrorCode.TARGETING_KEY_MISSING, ErrorCode.GENERAL])(
    'of one flag: %s',
    async (errorCode) => {
      const client = await connect(errorCode === ErrorCode.GENERAL ? COSTLY : {});
      const keys: Partial<Record<ErrorCode, string>> = {
        [ErrorCode.FLAG_NOT_FOUND]: 'no-such-flag',
        [ErrorCode.TYPE_MISMATCH]: 'banner',
        [ErrorCode.TARGETING_KEY_MISSING]: 'half',
        [ErrorCode.GENERAL]: 'z-last',
      };
      for (const fallback of [7, 8]) {
        const details = client.getNumberDetails(keys[errorCode]!, fallback);
        expect(details).toMatchObject({
          value: fallback,
          reason: 'ERROR',
          errorCode,
          errorMessage: expect.any(String),
        });
      }
      // All others are what they are.
      expect(client.getStringValue('banner', 'none')).toBe('こんにちは');
    },
  );

  /** Tries to get flags, and fails. @returns the provider's state, and what a flag is then */
  async function refusal(context: EvaluationContext, credential = token, options: object = {}): Promise<unknown[]> {
    await OpenFeature.setContext(context);
    const { client, ready } = newPage(testApp().url, credential, { changeDetection: 'none', ...options });
    await expect(ready).rejects.toThrow();
    const { value, errorCode } = client.getStringDetails('banner', 'none');
    return [client.providerStatus, value, errorCode];
  }

  it('of all flags: INVALID_CONTEXT, PARSE_ERROR', async () => {
    const error = [ProviderStatus.ERROR, 'none', ErrorCode.FLAG_NOT_FOUND];
    expect(await refusal({ text: 'x'.repeat(65_536) })).toEqual(error);
    expect(await refusal({ targetingKey: 7 as never })).toEqual(error);
    const cutting: typeof fetch = async (request) => {
      const { url, headers } = request as Request;
      return fetch(url, { method: 'POST', headers, body: (await (request as Request).text()).slice(0, -1) });
    };
    expect(await refusal({}, token, { fetchImplementation: cutting })).toEqual(error);
  });

  it('of all flags: no token, an unknown one, one without the scope', async () => {
    for (const credential of ['', 'ksh_none', (await org.as('read:customers')).token!]) {
      expect(await refusal({}, credential)).toEqual([ProviderStatus.FATAL, 'none', ErrorCode.PROVIDER_FATAL]);
    }
  });
});

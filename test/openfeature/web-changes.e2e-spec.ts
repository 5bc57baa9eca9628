import { OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/web-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import { createFlag, replaceFlag } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { Exchange, Page } from './web-page.js';
import { beAPage, openPage, until } from './web-page.js';

useApp();

/** Often enough that nobody waits, in milliseconds. */
const POLLING = { changeDetection: 'polling', pollInterval: 25 } as const;

let org: TestOrganization;
let token: string;
let isOn = false;
let kept: Map<string, string>;
/** The way to the server of a suite that cuts it. */
let way: CutOff | undefined;

beforeAll(async () => {
  kept = beAPage();
  org = await anOrg();
  token = (await org.as('read:feature_flags')).token!;
  await createFlag(org.api, 'switch');
});
afterEach(async () => {
  await OpenFeature.clearProviders();
  await way?.mend();
  await way?.cut();
  way = undefined;
});
afterAll(() => OpenFeature.close());

const flip = async (): Promise<void> => {
  isOn = !isOn;
  await replaceFlag(org.api, 'switch', { default_variant: { type: 'basic', value: isOn ? 'on' : 'off' } });
};

/** What the page shows; the default is always the other one. */
const shows = ({ client }: Page): boolean => client.getBooleanValue('switch', !isOn);

const answered = (exchanges: readonly Exchange[]): Exchange[] => exchanges.filter(({ status }) => status !== undefined);

describe('polling', () => {
  it('is answered 304 as long as nothing changes, and 200 once when it does', async () => {
    const page = await openPage(testApp().url, token, POLLING);
    expect(shows(page)).toBe(isOn);
    await until(() => answered(page.exchanges).length >= 5);
    await flip();
    await until(() => shows(page) === isOn);
    const seen = answered(page.exchanges).length;
    await until(() => answered(page.exchanges).length >= seen + 3);

    const [first, ...others] = answered(page.exchanges);
    expect([first!.status, first!.ifNoneMatch]).toEqual([200, null]);
    const second = others.find(({ status }) => status === 200)!;
    // Every other one names the answer before it, and is told that there is nothing new.
    const change = others.indexOf(second);
    for (const [index, { status, ifNoneMatch, etag }] of others.entries()) {
      const known = index <= change ? first!.etag : second.etag;
      expect([index, status, ifNoneMatch, etag]).toEqual([
        index,
        index === change ? 200 : 304,
        known,
        index === change ? second.etag : known,
      ]);
    }
    expect(second.etag).not.toBe(first!.etag);
    expect(change).toBeGreaterThanOrEqual(4);
  });

  it('goes on through a time without the server: what was known stays, and what has changed meanwhile follows', async () => {
    way = await CutOff.to(Number(new URL(testApp().url).port));
    const page = await openPage(`http://127.0.0.1:${way.port}`, token, POLLING);
    expect(shows(page)).toBe(isOn);
    await way.cut();
    await until(() => page.client.providerStatus === ProviderStatus.STALE);
    await flip();
    expect(page.client.getBooleanDetails('switch', isOn)).toMatchObject({ value: !isOn, reason: 'STATIC' });
    await way.mend();
    await until(() => shows(page) === isOn);
  });
});

describe('a stream', () => {
  it('has the page follow a flag at once, though it never polls', async () => {
    const page = await openPage(testApp().url, token);
    const changed: unknown[] = [];
    page.client.addHandler(ProviderEvents.ConfigurationChanged, (details) => changed.push(details?.flagsChanged));
    for (let round = 1; round <= 3; round += 1) {
      await flip();
      await until(() => shows(page) === isOn && changed.length === round);
    }
    expect(changed).toEqual([['switch'], ['switch'], ['switch']]);
    expect(page.exchanges.filter(({ status }) => status === 200)).toHaveLength(4);
  });

  it('that was cut is taken up again, and tells what has changed meanwhile', async () => {
    way = await CutOff.to(Number(new URL(testApp().url).port));
    const page = await openPage(`http://127.0.0.1:${way.port}`, token);
    await flip();
    await until(() => shows(page) === isOn);
    await way.cut();
    await until(() => page.client.providerStatus === ProviderStatus.STALE);
    await flip();
    expect(shows(page)).toBe(!isOn);
    await way.mend();
    await until(() => shows(page) === isOn);
  });
});

describe('a page that keeps its flags', () => {
  it('starts with them while the server is away, and has new ones when it is back', async () => {
    way = await CutOff.to(Number(new URL(testApp().url).port));
    const url = `http://127.0.0.1:${way.port}`;
    const options = { ...POLLING, cacheMode: 'network-first', domain: 'shop' } as const;
    await openPage(url, token, options);
    await OpenFeature.clearProviders();
    expect(kept.size).toBe(1);

    await way.cut();
    const again = await openPage(url, token, options);
    expect(again.client.getBooleanDetails('switch', !isOn)).toMatchObject({ value: isOn, reason: 'CACHED' });
    await way.mend();
    // What it has kept has its tag with it: nothing is sent twice.
    await until(() => answered(again.exchanges).length > 0);
    expect(answered(again.exchanges)[0]!.status).toBe(304);
    await flip();
    await until(() => shows(again) === isOn && again.client.getBooleanDetails('switch', !isOn).reason === 'STATIC');
  });
});

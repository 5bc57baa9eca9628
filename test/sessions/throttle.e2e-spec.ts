import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { Browser, linkSecret } from '../support/browser.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useApp({ console: true, env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1' } });

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

const wrong = (browser: Browser) => browser.signIn('A'.repeat(43));

describe('sign-ins that fail', () => {
  it('are refused after ten from one address, those under way included, good links too; and from no other address', async () => {
    const browser = new Browser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => wrong(browser)));
    const refused = answers.filter(({ status }) => status === 429);
    // One more is let through every six seconds.
    expect([10, 11, 12]).toContain(answers.filter(({ status }) => status === 401).length);
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused[0]!.body.code).toBe('Session.TooManyAttempts');
    expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused[0]!.headers['retry-after'])).toBeLessThanOrEqual(6);
    const secret = await linkSecret(org);
    // More than may have been let through meanwhile.
    const good = await Promise.all([...Array.from({ length: 10 }, () => wrong(browser)), browser.signIn(secret)]);
    expect(good.at(-1)!.status).toBe(429);
    // The link has not been used up.
    expect((await new Browser().signIn(secret)).status).toBe(201);
  });
});

describe('sign-ins that succeed', () => {
  it('count for nothing', async () => {
    const browser = new Browser();
    for (let i = 0; i < 12; i++) expect((await browser.signIn(await linkSecret(org))).status).toBe(201);
  });
});

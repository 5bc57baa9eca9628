import { beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  describeInBrowser,
  expectAccessible,
  expectAccessibleInBothThemes,
  expectSoon,
  openPage,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { createFlag, evaluateOne } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useConsole();

const PATH = '/feature-flags/theme/try';

let org: TestOrganization;

beforeEach(async () => {
  org = await anOrg();
  await org.api.post('/api/customers', { name: 'Acme' });
  await org.api.post('/api/instances', { name: 'Production', slug: 'production', customerId: 'acme' });
  await createFlag(org.api, 'theme', {
    type: 'string',
    variants: ['red', 'green', 'blue'].map((name) => ({ name, description: '', value: `<b>${name}</b>` })),
    default_variant: { type: 'rollout_percentage', distribution: { red: 50, green: 30, blue: 20 } },
    targetings: [
      { type: 'basic', name: 'enterprise', rule: 'targetingKey == "user-2"', variant: 'blue' },
      {
        type: 'basic',
        name: 'broken </script>',
        rule: 'targetingKey == "😀" ||\n  email.endsWith("@x")',
        variant: 'red',
      },
      { type: 'basic', name: 'acme', rule: '__kaiten.customer.slug == "acme"', variant: 'green' },
    ],
  });
});

const tryContext = async (page: Page, context: object): Promise<void> => {
  await page.getByRole('textbox', { name: 'Context' }).fill(JSON.stringify(context));
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
};

/** Each station with what became of it. */
const path = async (page: Page): Promise<string[]> =>
  (await page.locator('.step').all()).reduce<Promise<string[]>>(
    async (all, step) => [
      ...(await all),
      `${await step.locator('.step-title').innerText()}: ${(await step.getAttribute('class'))!.replace('step step-', '')}`,
    ],
    Promise.resolve([]),
  );

describeInBrowser('trying a flag', () => {
  it('answers as OFREP does, for each kind of context', async () => {
    const page = await signedInPage(org, { path: PATH });
    for (const context of [
      { targetingKey: 'user-1' },
      { targetingKey: 'user-2', plan: 'enterprise' },
      { targetingKey: 'acme' },
      { plan: 'free' },
    ]) {
      const { body } = await evaluateOne(org.api, 'theme', context);
      await tryContext(page, context);
      const variant = page.locator('.path-variant');
      await expectSoon(() => variant.innerText(), body.variant ?? 'No value');
      await expectSoon(() => page.locator('.path-answer .badge').innerText(), body.reason ?? 'ERROR');
      if (body.value) await expectSoon(() => page.locator('.path-value').innerText(), JSON.stringify(body.value));
      await expectAccessible(page);
    }
  });

  it('shows the way: what held, what failed and where, and what was not asked', async () => {
    const page = await signedInPage(org, { path: PATH });
    await page.getByText('Try a context').waitFor();
    await expectAccessible(page);
    await tryContext(page, { targetingKey: 'acme' });
    await page.getByText(/^Line 2, column 3: /).waitFor();
    await expect(path(page)).resolves.toEqual([
      'What the server knows: start',
      'enterprise: not_matched',
      'broken </script>: broken',
      'acme: matched',
      'Default: skipped',
      'Everybody here gets ⁨green⁩.: matched',
    ]);
    await expect(page.locator('mark').innerText()).resolves.toBe('email');
    await page.getByText('Customer ⁨Acme⁩, instance ⁨Production⁩').waitFor();
    await page.getByText('What rules find under __kaiten').click();
    await page.getByText('"slug": "acme"').waitFor();

    await page.getByRole('combobox', { name: 'Why not' }).selectOption('blue');
    await expectSoon(
      () => page.locator('.why-not-reasons').innerText(),
      ['enterprise: its rule does not hold.', 'Default: ⁨acme⁩ matched before.'].join('\n'),
    );
    await expectAccessible(page);
  });

  it('shows the bucket of the key among the shares', async () => {
    const page = await signedInPage(org, { path: PATH });
    await tryContext(page, { targetingKey: 'user-7' });
    const { body } = await org.api.post('/api/feature-flags/theme/explain', { context: { targetingKey: 'user-7' } });
    const { number } = body.bucket;
    await page.getByText(`The key is in bucket ${number.toLocaleString('en')} of 10,000`).waitFor();
    await page.getByText(`mod 10000 = ${number}`).waitFor();
    const own = await page.locator('.bucket-own').innerText();
    expect(own).toContain(body.variant);
    const left = await page.locator('.bucket-marker').evaluate((marker: any) => parseFloat(marker.style.left));
    expect(left).toBeCloseTo((number + 0.5) / 100);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('fills in who there is, keeps the context between flags, and nowhere else', async () => {
    await createFlag(org.api, 'other');
    const page = await signedInPage(org, { path: PATH });
    await page.getByRole('combobox', { name: /Fill in/ }).fill('produc');
    await page.getByRole('option', { name: /Production/ }).click();
    const context = page.getByRole('textbox', { name: 'Context' });
    await expectSoon(
      async () => JSON.stringify(JSON.parse(await context.innerText())),
      JSON.stringify({ targetingKey: 'acme', kaiten: { instanceSlug: 'production' } }),
    );
    await page.keyboard.press('Tab');
    await context.focus();
    await page.keyboard.press('Control+Enter');
    await page.locator('.path-answer').waitFor();
    await page.getByRole('link', { name: 'Feature flags' }).first().click();
    await page.getByRole('link', { name: 'other' }).first().click();
    await page.getByRole('link', { name: 'Try it' }).click();
    await expectSoon(async () => (await context.innerText()).includes('production'), true);
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state])',
    );
    expect(kept).not.toContain('production');
    const reloaded = await openPage(page.context());
    await reloaded.goto(page.url());
    await expectSoon(
      () => reloaded.getByRole('textbox', { name: 'Context' }).innerText(),
      '{"targetingKey":"user-123"}',
    );
  });

  it('says what is wrong with a context', async () => {
    const page = await signedInPage(org, { path: PATH });
    const context = page.getByRole('textbox', { name: 'Context' });
    await context.fill('{"targetingKey": }');
    await page.getByText('Line 1, column 18: a value is expected here').waitFor();
    await expect(page.getByRole('button', { name: 'Try it', exact: true }).isDisabled()).resolves.toBe(true);
    await tryContext(page, { targetingKey: 7 });
    await page.getByText('must be a string').waitFor();
    await expectAccessible(page);
  });

  it.each(['en', 'fr'] as const)('is accessible in %s, light and dark, for a viewer as well', async (language) => {
    const page = await signedInPage(org, { role: 'viewer', language, path: PATH });
    await page.getByRole('button', { name: language === 'en' ? 'Try it' : 'Essayer', exact: true }).click();
    await page.locator('.path-answer').waitFor();
    await expectAccessibleInBothThemes(page);
  });
});

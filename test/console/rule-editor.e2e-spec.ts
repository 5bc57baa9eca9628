import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import * as words from '../../console/src/editors/cel-words.js';
import { isFunction, isMethod } from '../../src/cel/functions.js';
import {
  describeInBrowser,
  expectAccessible,
  expectAccessibleInBothThemes,
  expectSoon,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { createFlag, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useConsole();

const PATH = '/feature-flags/checkout/targeting';

let org: TestOrganization;

beforeEach(async () => {
  org = await anOrg();
  await createFlag(org.api, 'checkout', { targetings: [when('plan == "pro"')] });
});

const editorOf = (page: Page): Locator => page.getByRole('textbox', { name: 'Rule', exact: true });

/** What is underlined, and what is said of it. */
const faults = (page: Page): Promise<string[]> => page.locator('.cm-lintRange-error').allInnerTexts();

describeInBrowser('the rule editor', () => {
  it('completes what rules may read, functions and methods', async () => {
    const page = await signedInPage(org, { path: PATH });
    const rule = editorOf(page);
    await rule.fill('');
    await rule.pressSequentially('__kai');
    const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
    await options.filter({ hasText: '__kaiten' }).waitFor();
    // CodeMirror takes no key for a choice in the first moments of the list.
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    await page.keyboard.type('.customer.');
    await options.filter({ hasText: 'externalCustomerId' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.type('sl');
    await expectSoon(() => options.first().innerText(), 'slug\nstring');
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    await page.keyboard.type('.startsW');
    await options.filter({ hasText: 'startsWith' }).waitFor();
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    await page.keyboard.type('"sakura');
    await expectSoon(() => rule.innerText(), '__kaiten.customer.slug.startsWith("sakura")');
    await page.getByText('The rule can be used').waitFor();
    // In a text nothing is suggested.
    await page.keyboard.type('has');
    await expect(options.count()).resolves.toBe(0);
  });

  it.each([
    ['"😀😀" == plan && one(1)', ['one'], /^Line 1, column 17: there is no function one/],
    ['"\t" == plan &&\n\t__kaiten.customer.sluk == "a"', ['sluk'], /^Line 2, column 20: .*did you mean slug/],
    ['one(1) && plan.two()', ['one', 'two'], /^Line 1, column 1: .* the first of 2$/],
    ['plan ==', ['='], /^Line 1, column 8: the rule ends too early$/],
    ['plan ==\n', [], /the rule ends too early$/],
  ])('marks in %j what is wrong, where it is', async (text, marked, said) => {
    const page = await signedInPage(org, { path: PATH });
    await editorOf(page).fill(text);
    await page.locator('.code-fault').getByText(said).waitFor();
    await expect(faults(page)).resolves.toEqual(marked);
    await expect(editorOf(page).getAttribute('aria-invalid')).resolves.toBe('true');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go there' }).click();
    await expect(editorOf(page).evaluate('document.activeElement.className')).resolves.toContain('cm-content');
    await editorOf(page).fill('plan == "a"');
    await page.getByText('The rule can be used').waitFor();
    await expect(faults(page)).resolves.toEqual([]);
  });

  it('says what is wrong in the language of the reader, and in the server’s words what it has no words for', async () => {
    const page = await signedInPage(org, { path: PATH, language: 'fr' });
    const rule = page.locator('.cm-content[contenteditable="true"]').first();
    for (const [text, said] of [
      ['1 + 1', 'une règle est vraie ou fausse, et celle-ci est de type int'],
      ['one(1)', 'la fonction one n’existe pas'],
      ['__kaiten.customer.sluk == "a"', '__kaiten.customer.sluk n’existe pas ; vouliez-vous dire slug ?'],
      ['plan.matches("(")', 'the pattern is not valid'],
    ] as const) {
      await rule.fill(text);
      await page.locator('.code-fault').getByText(said).waitFor();
    }
  });

  it('asks about the last text only, and says when it cannot ask', async () => {
    const page = await signedInPage(org, { path: PATH, ignore: /Failed to load resource/ });
    await page.getByText('The rule can be used').waitFor();
    const asked: string[] = [];
    const ended: string[] = [];
    page.on('request', (request) => request.url().endsWith('/lint') && asked.push(request.postDataJSON().rule));
    page.on('requestfailed', (request) => request.url().endsWith('/lint') && ended.push(request.postDataJSON().rule));
    await page.route('**/lint', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.continue().catch(() => undefined);
    });
    await editorOf(page).fill('a ==');
    await expectSoon(async () => asked.length, 1);
    await editorOf(page).fill('a == 1');
    await page.getByText('The rule can be used').waitFor();
    expect([asked, ended]).toEqual([['a ==', 'a == 1'], ['a ==']]);
    await page.unroute('**/lint');
    await page.route('**/lint', (route) => route.fulfill({ status: 400, json: {} }));
    await editorOf(page).fill('a == 2');
    await page.getByText('The rule could not be checked.').waitFor();
  });

  it('lets the keyboard in and out', async () => {
    const page = await signedInPage(org, { path: PATH });
    await editorOf(page).focus();
    await expect(editorOf(page).getAttribute('aria-describedby')).resolves.toMatch(/keys/);
    const focused = (): Promise<string> => page.evaluate('document.activeElement.innerText');
    await page.keyboard.press('Tab');
    await expectSoon(focused, 'Test');
    await page.keyboard.press('Shift+Tab');
    await expectSoon(focused, 'plan == "pro"');
    await page.keyboard.press('Control+m');
    await page.getByText('Tab indents').first().waitFor({ state: 'attached' });
    await page.keyboard.press('Tab');
    await expectSoon(() => editorOf(page).innerText(), '  plan == "pro"');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expectSoon(focused, 'Test');
  });

  it('runs a rule that is nowhere yet', async () => {
    await org.api.post('/api/customers', { name: 'Acme' });
    const page = await signedInPage(org, { path: PATH });
    await editorOf(page).fill('__kaiten.customer.slug == "acme" && plan == "pro"');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    const context = page.getByRole('textbox', { name: 'Context' });
    const run = page.getByRole('button', { name: 'Run the rule' });
    await context.fill('{"targetingKey": "acme", "plan": "pro", "mail": "a@b"}');
    await run.click();
    await page.getByText('It holds').waitFor();
    await page.getByText('Customer ⁨Acme⁩, no instance').waitFor();
    await context.fill('{"targetingKey": "acme", "plan": "free"}');
    await page.getByText('It holds').waitFor({ state: 'detached' });
    await run.click();
    await page.getByText('It does not hold').waitFor();
    await context.fill('{"targetingKey": "acme"}');
    await run.click();
    await page.getByText('It failed').waitFor();
    await page.getByText('there is no attribute plan (line 1, column 37)').waitFor();
    await expectAccessible(page);
    // In memory only.
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])');
    expect(kept).not.toContain('a@b');
  });

  it('is only looked at by a viewer', async () => {
    const page = await signedInPage(org, { role: 'viewer', path: PATH });
    await expectSoon(() => editorOf(page).getAttribute('aria-readonly'), 'true');
    await page.getByText('Only to be read').waitFor();
    await expectAccessible(page);
  });

  it.each(['en', 'fr'] as const)('is accessible in %s, light and dark, and fits on a phone', async (language) => {
    const page = await signedInPage(org, { language, path: PATH });
    const rule = page.getByRole('textbox', { name: language === 'en' ? 'Rule' : 'Règle', exact: true });
    await rule.fill(
      '// \u202e\u200b</script>\nplan in ["a", r"b"] && [1, 2.5].exists(n, n > one(3)) || constructor == null',
    );
    await page.locator('.code-fault').waitFor();
    await expectAccessibleInBothThemes(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await rule.pressSequentially(' && __kaiten.customer.');
    await page.getByRole('listbox', { name: 'Suggestions' }).waitFor();
    await expectAccessibleInBothThemes(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});

describe('words that the editor suggests', () => {
  it('are words of the language', () => {
    expect(words.FUNCTIONS.filter(({ name }) => !isFunction(name))).toEqual([]);
    expect(words.METHODS.filter(({ name }) => !isMethod(name))).toEqual([]);
  });
});

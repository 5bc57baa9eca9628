import { it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, expectSoon, signedInPage, useConsole } from '../support/console-browser.js';
import { createFlag, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';

useConsole();

/** How far each number stands from its line, in whole pixels. The first element of the gutter is for the width. */
const distances = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const tops = (what) => [...document.querySelectorAll(what)].map((one) => one.getBoundingClientRect()).filter(({ height }) => height > 0);
    const lines = tops('.cm-line');
    return tops('.cm-lineNumbers .cm-gutterElement').map(({ top }, i) => Math.trunc(Math.abs(top - lines[i].top))).join();
  })()`);

describeInBrowser('line numbers', () => {
  it.each([
    ['/feature-flags/checkout/targeting', 'Rule', 'plan == "a" ||\n  plan == "b"', '0,0'],
    ['/instances/production', 'Metadata', '{\n  "region": "eu"\n}', '0,0,0'],
  ])('stand next to their lines: %s', async (path, name, text, aligned) => {
    const org = await anOrg();
    await org.api.post('/api/customers', { name: 'Acme' });
    await org.api.post('/api/instances', { name: 'Production', customerId: 'acme', metadata: { region: 'eu' } });
    await createFlag(org.api, 'checkout', {
      targetings: [{ ...when('plan == "a" ||\n  plan == "b"'), name: 'Two plans' }],
    });
    const page = await signedInPage(org, { path });
    const editor = page.getByRole('textbox', { name, exact: name === 'Rule' });
    await editor.waitFor();
    await expectSoon(() => distances(page), aligned);
    await editor.fill(text);
    await editor.press('Control+End');
    await editor.press('Enter');
    await expectSoon(() => distances(page), `${aligned},0`);
  });
});

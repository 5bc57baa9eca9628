import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, expectSoon, newPage, useConsole } from '../support/console-browser.js';

useConsole();

/** What a page could be made to do by whoever got text of theirs into it, and which part of the policy refuses it. */
const INJECTIONS: Readonly<Record<string, readonly [code: string, refusedBy: string]>> = {
  'markup from text': [`document.body.innerHTML = '<b>bold</b>'`, 'require-trusted-types-for'],
  'markup from text, whatever the element': [
    `document.createElement('div').insertAdjacentHTML('beforeend', '<img src=x onerror=1>')`,
    'require-trusted-types-for',
  ],
  'a document from text': [`document.write('<p>more</p>')`, 'require-trusted-types-for'],
  'a document parsed from text': [
    `new DOMParser().parseFromString('<p>more</p>', 'text/html')`,
    'require-trusted-types-for',
  ],
  'a frame from text': [`document.createElement('iframe').srcdoc = '<script>1</script>'`, 'require-trusted-types-for'],
  'a script’s address from text': [
    `document.createElement('script').src = '/assets/other.js'`,
    'require-trusted-types-for',
  ],
  'a policy that lets anything pass': [
    `trustedTypes.createPolicy('default', { createHTML: (text) => text })`,
    'trusted-types',
  ],
  'a style element': [
    `document.head.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' }))`,
    'style-src-elem',
  ],
  'a picture from elsewhere': [`new Image().src = 'https://elsewhere.example/x.png'`, 'img-src'],
  'a request to elsewhere': [`fetch('https://elsewhere.example/').catch(() => 0)`, 'connect-src'],
  'a form that is sent': [
    `document.body.append(Object.assign(document.createElement('form'), { action: '/api/session', method: 'post' }));
     document.forms[0].submit()`,
    'form-action',
  ],
};

/** Runs the code in the page, as if a script of its own had; what it throws is not of interest. */
const run = (page: Page, code: string): Promise<unknown> => page.evaluate(`(() => { ${code} })()`).catch(() => null);

describeInBrowser('the content security policy', () => {
  it.each(Object.entries(INJECTIONS))('refuses %s, and says so to the suites', async (_, [code, refusedBy]) => {
    const said: string[] = [];
    const page = await newPage({ ignore: /./ });
    page.on('console', (message) => said.push(message.text()));
    await page.goto('/sign-in');
    await page.getByRole('heading').waitFor();
    expect(said).toEqual([]);
    await run(page, code);
    // What every other suite of the console is failed by: see `openPage`.
    await expectSoon(async () => said.some((text) => text.startsWith(`policy: ${refusedBy} `)), true);
  });
});

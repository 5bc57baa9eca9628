import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { linkSecret } from '../support/browser.js';
import { describeInBrowser, newPage, signedInPage, useConsole } from '../support/console-browser.js';
import { createFlag } from '../support/flags.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const MISSING = /Failed to load resource/;

/** What the page's note says, beside the banner that every page has. */
const note = (page: Page) => page.getByText('The server cannot be reached. Check your connection', { exact: false });

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

interface Attempt {
  readonly path: string;
  readonly button: string;
  readonly prepare?: (org: TestOrganization) => Promise<unknown>;
  readonly fill?: (page: Page) => Promise<void>;
}

const ATTEMPTS: Record<string, Attempt> = {
  'a new flag': {
    path: '/feature-flags/new',
    button: 'Create feature flag',
    fill: (page) => page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('Banner'),
  },
  'changes of a flag': {
    path: '/feature-flags/banner/settings',
    button: 'Save',
    prepare: ({ api }) => createFlag(api, 'banner'),
    fill: (page) => page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('Banner on top'),
  },
  'the switch of a flag': {
    path: '/feature-flags/banner/switch',
    button: 'Turn off',
    prepare: ({ api }) => createFlag(api, 'banner'),
  },
  'the deletion of a flag': {
    path: '/feature-flags/banner/delete',
    button: 'Delete feature flag',
    prepare: ({ api }) => createFlag(api, 'banner'),
    fill: (page) => page.getByRole('dialog').getByRole('textbox').fill('banner'),
  },
  'the deletion of a customer': {
    path: '/customers/acme/delete',
    button: 'Delete customer',
    prepare: ({ api }) => api.post('/api/customers', { name: 'Acme' }),
  },
  'the end of other sessions': {
    path: '/account',
    button: 'Sign out the others',
    prepare: (org) => signedInPage(org, { name: 'Ada' }),
  },
};

describeInBrowser('that the server cannot be reached', () => {
  it.each(Object.keys(ATTEMPTS))('is said until it can be: %s', async (name) => {
    const { path, button, prepare, fill } = ATTEMPTS[name]!;
    const org = await anOrg();
    await prepare?.(org);
    const page = await signedInPage(org, { name: 'Ada', path, ignore: MISSING });
    await fill?.(page);
    await page.context().setOffline(true);
    await press(page, button);
    await note(page).waitFor();
    await page.context().setOffline(false);
    await note(page).waitFor({ state: 'hidden' });
    await press(page, button);
    await page
      .getByRole('status')
      .filter({ hasText: /has been|is off|have ended/ })
      .first()
      .waitFor();
  });

  it('leaves a link that was not used for another attempt', async () => {
    const secret = await linkSecret(await anOrg());
    const page = await newPage({ ignore: MISSING });
    await page.goto('/sign-in');
    await page.getByText('kaiten -- sign-in-link').waitFor();
    await page.context().setOffline(true);
    await page.evaluate(`location.hash = '${secret}'`);
    await note(page).waitFor();
    await page.context().setOffline(false);
    await note(page).waitFor({ state: 'hidden' });
    await press(page, 'Try again');
    await page.getByRole('heading', { level: 1, name: 'Home', exact: true }).waitFor();
    expect(page.url()).not.toContain(secret);
  });
});

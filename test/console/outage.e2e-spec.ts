import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { linkSecret, signedIn } from '../support/browser.js';
import {
  describeInBrowser,
  expectAccessible,
  expectSoon,
  newPage,
  signedInPage,
  useConsole,
} from '../support/console-browser.js';
import { createFlag } from '../support/flags.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';

useConsole();

const AWAY = /Failed to load resource/;

/** What the page says of what failed, beside the banner. */
const note = (page: Page) => page.getByText('The server cannot be reached. Check your connection', { exact: false });
const passed = (page: Page) => page.getByText('The server could not be reached, and can be again', { exact: false });

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Whether it is in the window, with nothing over it. */
const isSeen = (place: Locator): Promise<boolean> =>
  place.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });

/** Has the name of its browser. */
const SIGN_OUT_ONE = /^Sign out: /;

interface Attempt {
  readonly path: string;
  readonly button: string | RegExp;
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
    prepare: (org) => signedIn(org, { name: 'Ada' }),
  },
  'the end of another session': {
    path: '/account',
    button: SIGN_OUT_ONE,
    prepare: (org) => signedIn(org, { name: 'Ada' }),
  },
};

describeInBrowser('that the server cannot be reached', () => {
  it.each(Object.entries(ATTEMPTS))('is said until it can be, and then that: %s', async (_, attempt) => {
    const { path, button, prepare, fill } = attempt;
    const org = await anOrg();
    await prepare?.(org);
    const page = await signedInPage(org, { name: 'Ada', path, ignore: AWAY });
    await fill?.(page);
    await page.context().setOffline(true);
    await press(page, button);
    await note(page).waitFor();
    await expectSoon(() => isSeen(note(page)), true);
    await page.context().setOffline(false);
    await passed(page).waitFor();
    await expectAccessible(page);
    await press(page, button);
    await page
      .getByRole('status')
      .filter({ hasText: /has been|is off|have ended|has ended/ })
      .first()
      .waitFor();
    await passed(page).waitFor({ state: 'hidden' });
  });

  it('is not said any more when something else has failed since', async () => {
    const org = await anOrg();
    const elsewhere = await signedIn(org, { name: 'Ada' });
    const page = await signedInPage(org, { name: 'Ada', path: '/account', ignore: AWAY });
    await page.context().setOffline(true);
    await press(page, 'Sign out the others');
    await note(page).waitFor();
    await page.context().setOffline(false);
    await passed(page).waitFor();
    // The page has read its list again by then.
    await page.waitForLoadState('networkidle');
    expect((await elsewhere.delete('/api/session')).status).toBe(204);
    await press(page, SIGN_OUT_ONE);
    await page
      .getByRole('alert')
      .getByText(/session of yours/)
      .waitFor();
    await passed(page).waitFor({ state: 'hidden' });
  });

  it('takes no focus from who types on', async () => {
    const org = await anOrg();
    await createFlag(org.api, 'banner', { name: 'Banner' });
    const page = await signedInPage(org, { name: 'Ada', path: '/feature-flags/banner/settings', ignore: AWAY });
    const name = page.getByRole('textbox', { name: 'Name', exact: true }).first();
    await name.fill('Other');
    await page.context().setOffline(true);
    await press(page, 'Save');
    await note(page).waitFor();
    await page.context().setOffline(false);
    await name.fill('Banner');
    await passed(page).waitFor({ state: 'hidden' });
    await name.pressSequentially(' on top');
    await expectSoon(() => name.inputValue(), 'Banner on top');
    await passed(page).waitFor();
  });

  it('leaves a link that was not used for another attempt', async () => {
    const secret = await linkSecret(await anOrg());
    const page = await newPage({ ignore: AWAY });
    await page.goto('/sign-in');
    await page.getByText('kaiten -- sign-in-link').waitFor();
    await page.context().setOffline(true);
    await page.evaluate(`location.hash = '${secret}'`);
    await note(page).waitFor();
    await page.context().setOffline(false);
    await passed(page).waitFor();
    await press(page, 'Try again');
    await page.getByRole('heading', { level: 1, name: 'Home', exact: true }).waitFor();
    expect(page.url()).not.toContain(secret);
  });
});

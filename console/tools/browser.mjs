import { chromium } from 'playwright-core';

/** Chromium, where Debian or KAITEN_TEST_CHROMIUM has it. */
export async function withBrowser(work, args = []) {
  const executablePath = process.env.KAITEN_TEST_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Until nothing is loading any more, nor moving. */
export async function settle(page) {
  await page.locator('main h1, main h2').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'));
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect.getTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => 0)),
    ).then(() => 0),
  );
}

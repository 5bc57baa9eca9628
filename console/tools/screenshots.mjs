// `npm run screenshots`: pictures of every screen, light and dark, on a desktop and a phone, into docs/screenshots/.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settle, withBrowser } from './browser.mjs';
import { ORGANIZATION } from './demo-data.mjs';
import { DIALOGS, PAGES, SCENES } from './screens.mjs';
import { apiOf, withServer } from './server.mjs';
import { HOUR, seedDemo } from './seed-demo.mjs';
import { shiftTimes } from './shifted-times.mjs';

const FOLDER = join(import.meta.dirname, '../../docs/screenshots');

/** When it is in the pictures, so that they change only when the console does. */
const PRESENT = Date.parse('2026-11-24T10:02:00Z');

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1.5, hasTouch: true },
};

/** Heights beyond which a picture of a page would say nothing more. */
const TALLEST = 1_400;

const SCREENS = { ...PAGES, ...DIALOGS, ...SCENES };

/** Those that are named on the command line, or all. */
const wanted = Object.entries(SCREENS).filter(([name]) => process.argv.length < 3 || process.argv.includes(name));

/** What addresses in the pictures say, whatever port is free here. */
const SHOWN = 'http://localhost:3000';

await withServer(ORGANIZATION, (server) => withBrowser((browser) => takeAll(server, browser)));

async function takeAll(server, browser) {
  const start = Math.floor(Date.now() / HOUR) * HOUR;
  await seedDemo(server, start);
  const stage = { api: apiOf(server), owner: server.owner, start };
  await mkdir(FOLDER, { recursive: true });
  if (wanted.length === Object.keys(SCREENS).length)
    for (const file of await readdir(FOLDER)) await rm(join(FOLDER, file));
  const converter = await browser.newPage();
  const shift = Math.floor(PRESENT / HOUR) * HOUR - start;
  for (const theme of ['light', 'dark']) {
    for (const [device, options] of Object.entries(DEVICES)) {
      const context = await browser.newContext({
        ...options,
        baseURL: server.url,
        colorScheme: theme,
        locale: 'en-GB',
        timezoneId: 'Europe/Paris',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      // What is left unsaved is asked about.
      page.on('dialog', (dialog) => void dialog.accept());
      await page.clock.setFixedTime(PRESENT);
      await shiftTimes(context, shift);
      const save = async (name) => {
        await page.evaluate(showAddress, [server.url, SHOWN]);
        const picture = await photograph(page, converter, device);
        await writeFile(join(FOLDER, `${name}-${theme}-${device}.webp`), picture);
      };
      await page.goto('/sign-in');
      await settle(page);
      await save('sign-in');
      await page.goto(await server.signInUrl('Mika Tanaka'));
      await page.locator('#navigation').waitFor({ state: 'attached' });
      // Signed in before the present in the pictures, not in the hour after it.
      await server.owner.query('UPDATE sessions SET created_at = $1, last_seen_at = $1', [new Date(start)]);
      for (const [name, address] of wanted) {
        const scene = SCENES[name];
        const before = scene ? await scene.act(page, stage) : void (await page.goto(address));
        await settle(page);
        if (name in DIALOGS) await page.getByRole('dialog').getByRole('button').first().waitFor();
        await settle(page);
        await save(name);
        await scene?.after?.(before, stage);
      }
      await context.close();
    }
  }
}

/** In the page. */
function showAddress([is, shown]) {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    if (data.includes(is)) texts.currentNode.data = data.replaceAll(is, shown);
  }
}

/** A picture of all that the page has, in WebP, which Chromium can write though Playwright does not. */
async function photograph(page, converter, device) {
  const { viewport } = DEVICES[device];
  // Grown, and not stitched together: what sticks to the window's edges does so to the picture's.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const isDialog = (await page.getByRole('dialog').count()) > 0;
  if (!isDialog)
    await page.setViewportSize({ ...viewport, height: Math.min(Math.max(height, viewport.height), TALLEST) });
  const png = await page.screenshot();
  await page.setViewportSize(viewport);
  const quality = device === 'phone' ? 0.75 : 0.8;
  const webp = await converter.evaluate(
    async ([bytes, quality]) => {
      const blob = await (await fetch(`data:image/png;base64,${bytes}`)).blob();
      const bitmap = await createImageBitmap(blob);
      const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
      canvas.getContext('2d').drawImage(bitmap, 0, 0);
      // At 1 nothing is lost, which flat colours take no more room for.
      const encoded = [1, quality].map((each) => canvas.toDataURL('image/webp', each).split(',')[1]);
      return encoded.reduce((smallest, each) => (each.length < smallest.length ? each : smallest));
    },
    [png.toString('base64'), quality],
  );
  return Buffer.from(webp, 'base64');
}

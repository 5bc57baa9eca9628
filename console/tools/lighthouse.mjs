// `npm run lighthouse`: what Lighthouse makes of four pages, and how much JavaScript the first one takes. Ends with 1 when a goal is missed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withBrowser } from './browser.mjs';
import { ORGANIZATION } from './demo-data.mjs';
import { seedDemo } from './seed-demo.mjs';
import { withServer } from './server.mjs';

/** The last that runs on Node 20. No dependency of the project: it brings a hundred packages for what is asked now and then. */
const LIGHTHOUSE = 'lighthouse@12';

const PAGES = {
  'sign-in': '/sign-in',
  home: '/',
  'service accounts': '/integrations/service-accounts',
  'feature flags': '/feature-flags',
};

const GOALS = { performance: 95, accessibility: 100, 'best-practices': 100 };
const RUNS = 3;

const folder = await mkdtemp(join(tmpdir(), 'kaiten-lighthouse-'));
try {
  await run('npm', ['install', '--silent', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, LIGHTHOUSE]);
  await withServer(ORGANIZATION, measureAll);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(server) {
  await seedDemo(server, Date.now());
  const port = server.port + 7;
  await withBrowser(
    async (browser) => {
      // Lighthouse works in the browser's own context, and leaves its cookies there.
      const rows = [];
      for (const [name, address] of Object.entries(PAGES)) {
        if (name !== 'sign-in') await signIn(browser, server);
        rows.push([name, await measure(server.url + address, port)]);
      }
      report(rows);
    },
    [`--remote-debugging-port=${port}`],
  );
}

async function signIn(browser, server) {
  const session = await browser.newBrowserCDPSession();
  const { targetId } = await session.send('Target.createTarget', { url: await server.signInUrl('Mika Tanaka') });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await session.send('Target.closeTarget', { targetId });
}

/** The median of each score, and of the times of the run in the middle. */
async function measure(url, port) {
  const runs = [];
  for (let i = 0; i < RUNS; i++) {
    const path = join(folder, `${i}.json`);
    const options = [`--port=${port}`, '--preset=desktop', '--output=json', `--output-path=${path}`, '--quiet'];
    const categories = `--only-categories=${Object.keys(GOALS).join()}`;
    await run(join(folder, 'node_modules/.bin/lighthouse'), [url, ...options, categories]);
    runs.push(JSON.parse(await readFile(path, 'utf8')));
  }
  const median = (of) => runs.map(of).sort((a, b) => a - b)[Math.floor(RUNS / 2)];
  const wrong = runs.flatMap(({ audits, finalDisplayedUrl }) =>
    Object.values(audits)
      .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== 'informative')
      .map(({ id, displayValue = '' }) => `${new URL(finalDisplayedUrl).pathname}: ${id} ${displayValue}`),
  );
  return {
    scores: Object.keys(GOALS).map((id) => Math.round(100 * median(({ categories }) => categories[id].score))),
    paint: Math.round(median(({ audits }) => audits['largest-contentful-paint'].numericValue)),
    wrong: [...new Set(wrong)],
  };
}

function report(rows) {
  console.log('| Page | Performance | Accessibility | Best practices | Largest paint (ms) |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, { scores, paint }] of rows) console.log(`| ${name} | ${scores.join(' | ')} | ${paint} |`);
  const missed = rows.filter(([, { scores }]) => scores.some((score, i) => score < Object.values(GOALS)[i]));
  for (const [name, { wrong }] of rows) if (wrong.length > 0) console.log(`${name}: ${wrong.join('; ')}`);
  if (missed.length > 0) process.exitCode = 1;
}

async function run(command, parameters) {
  const child = spawn(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'], cwd: folder });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

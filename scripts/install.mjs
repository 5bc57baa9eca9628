import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const MINIMUM_NODE = [20, 19];

/**
 * Makes node_modules fit package-lock.json: what runs in production, and with `dev` the test tools too. What is there
 * already is left alone. Progress, npm's own included, goes to stderr: stdout belongs to what runs afterwards.
 */
export async function ensureInstalled({ dev }) {
  requireNode();
  if (isInstalled({ dev })) return;
  const onWait = (pid) =>
    console.error(`Waiting for another process (pid ${pid}) that is installing the dependencies...`);
  await withLock(join(root, 'dist/.install.lock'), onWait, async (holdFor) => {
    if (!isInstalled({ dev })) await install({ dev, holdFor });
  });
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  console.error(`kaiten-server needs Node.js ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Whether everything wanted is there, in the locked version. npm writes its own list last, so an interrupted install has none. */
function isInstalled({ dev }) {
  const installed = installedPackages();
  const wanted = Object.entries(readLock(join(root, 'package-lock.json'))).filter(
    ([path, entry]) => path !== '' && (dev || !(entry.dev || entry.devOptional)) && fitsPlatform(entry),
  );
  return wanted.every(
    ([path, { version, integrity, ...entry }]) =>
      (!installed[path] && isOthersNeed(entry)) ||
      (installed[path]?.version === version &&
        installed[path].integrity === integrity &&
        existsSync(join(root, path, 'package.json'))),
  );
}

function installedPackages() {
  const list = join(root, 'node_modules/.package-lock.json');
  return existsSync(list) ? readLock(list) : {};
}

function readLock(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** npm skips optional packages made for other platforms. */
function fitsPlatform({ optional, os, cpu, libc }) {
  return !optional || (fits(os, process.platform) && fits(cpu, process.arch) && (!libc || fits(libc, libcFamily())));
}

/** An optional package for every platform: npm leaves it out where only a package for another platform needs it. */
function isOthersNeed({ optional, os, cpu, libc }) {
  return optional && !os && !cpu && !libc;
}

function fits(list, value) {
  return !list || list.includes(value) || (list.every((item) => item.startsWith('!')) && !list.includes(`!${value}`));
}

function libcFamily() {
  if (process.platform !== 'linux') return undefined;
  process.report.excludeNetwork = true; // It would look up a name for every address.
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

async function install({ dev, holdFor }) {
  // Test tools that somebody installed stay, or every start would undo the preparation of the tests.
  const withDev = dev || Object.values(installedPackages()).some((entry) => entry.dev);
  console.error(`Installing the dependencies${withDev ? ' and test tools' : ''} (once, about half a minute)...`);
  const npm = npmCommand(['ci', withDev ? '--include=dev' : '--omit=dev']);
  const child = spawn(npm.command, npm.parameters, { cwd: root, stdio: ['ignore', 2, 2], env: npmEnvironment() });
  await once(child, 'spawn');
  holdFor(child.pid);
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  const began = Date.now();
  const ticker = setInterval(() => console.error(`  ${Math.round((Date.now() - began) / 1000)} s...`), 5_000);
  const [code, signal] = await once(child, 'close');
  clearInterval(ticker);
  process.off('SIGTERM', forward).off('SIGINT', forward);
  if (code !== 0) throw new Error(`Installing the dependencies failed (npm ci: ${signal ?? `exit code ${code}`}).`);
}

/** The npm that started this script, if one did. */
function npmCommand(parameters) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('npm-cli.js')
    ? { command: process.execPath, parameters: [npm, ...parameters] }
    : { command: 'npm', parameters };
}

/** `npm run --silent` is meant for what the script prints, not for the reasons of a failed install. */
function npmEnvironment() {
  const { npm_config_loglevel: _, ...environment } = process.env;
  return environment;
}

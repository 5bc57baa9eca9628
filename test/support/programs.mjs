import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that some suites run when they are installed, and what there is without them. */
const PROGRAMS = {
  nginx: 'The suites in test/gateway/ run without it: test/support/forward-auth-proxy.ts stands in.',
  caddy: 'The suites in test/gateway/ run without it: test/support/forward-auth-proxy.ts stands in.',
  chromium: 'The suites of the console in test/console/ and of the page in examples/ did not run.',
};

/** Debian packages, which are called as their programs are, where it is not the program itself. The first that is installed is run. */
const PACKAGES = {
  // The shell is the same browser without windows: a page of it opens in a third of the time.
  chromium: ['chromium-headless-shell', 'chromium'],
};

const packagesOf = (program) => PACKAGES[program] ?? [program];

/** The environment variable that says where a program is. */
const variableOf = (program) => `KAITEN_TEST_${program.toUpperCase()}`;

/** Tells the suites, by the environment, where the programs are. Debian keeps nginx where only root's PATH looks. */
export function findPrograms() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const program of Object.keys(PROGRAMS)) {
    const paths = packagesOf(program).flatMap((name) => folders.map((folder) => join(folder, name)));
    const path = paths.find(isExecutable);
    if (path) process.env[variableOf(program)] = path;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What to say at the end of a run of what did not run; undefined when nothing is missing. */
export function missingPrograms() {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !process.env[variableOf(program)]);
  if (missing.length === 0) return undefined;
  const lines = missing.map(([program, consequence]) => `Not installed: ${program}. ${consequence}`);
  const names = missing.map(([program]) => packagesOf(program)[0]);
  return `\n${lines.join('\n')}\n(apt-get install ${names.join(' ')})\n`;
}

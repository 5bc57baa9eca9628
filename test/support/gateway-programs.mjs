import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The gateways that the suites in test/gateway/ run when they are installed. */
const PROGRAMS = ['nginx', 'caddy'];

/** The environment variable that says where a program is. */
const variableOf = (program) => `KAITEN_TEST_${program.toUpperCase()}`;

/** Tells the suites, by the environment, where the programs are. Debian keeps nginx where only root's PATH looks. */
export function findGatewayPrograms() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const program of PROGRAMS) {
    const path = folders.map((folder) => join(folder, program)).find(isExecutable);
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
export function missingGatewayPrograms() {
  const missing = PROGRAMS.filter((program) => !process.env[variableOf(program)]);
  if (missing.length === 0) return undefined;
  return (
    `\nNot installed: ${missing.join(', ')}. The suites in test/gateway/ run without: ` +
    `test/support/forward-auth-proxy.ts stands in. (apt-get install ${missing.join(' ')})\n`
  );
}

import { ensureConsoleBuilt } from './build-console.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

/**
 * All that has to be there before dist/ can be imported, and with `withConsole` what it serves to browsers.
 * Ends the process when that is not to be had.
 */
export async function prepare({ withConsole = false } = {}) {
  try {
    await ensureInstalled({ dev: false });
    await ensureBuilt();
    if (withConsole) await ensureConsoleBuilt();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

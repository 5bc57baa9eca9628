import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

/** All that has to be there before dist/ can be imported. Ends the process when that is not to be had. */
export async function prepare() {
  try {
    await ensureInstalled({ dev: false });
    await ensureBuilt();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

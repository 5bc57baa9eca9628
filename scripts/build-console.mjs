import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './install.mjs';
import { ensureCurrent, listFiles } from './stamp.mjs';

const folder = join(root, 'console');
const dist = join(folder, 'dist');

const FILES = ['console/build.mjs', 'console/index.html', 'console/vite.config.mjs'];

/** Builds console/ into console/dist, unless that was done already for these very sources. Types are not checked. */
export async function ensureConsoleBuilt() {
  await ensureCurrent({
    name: 'the console',
    folder: dist,
    // In dist itself it would be served.
    stampPath: join(root, 'dist/.console.json'),
    listSources: () => [
      ...listFiles(['console/src', 'console/public'], (name) => !name.endsWith('.d.ts')),
      ...FILES,
      // The API's description, and which packages the console is made of.
      'openapi.json',
      'package-lock.json',
    ],
    build,
  });
}

/** Builds aside, so that a server that is running has one console or the other. */
async function build() {
  const { buildConsole } = await import('../console/build.mjs');
  const draft = join(root, 'dist/.console');
  await rm(draft, { recursive: true, force: true });
  const outputs = await buildConsole(draft);
  await rm(dist, { recursive: true, force: true });
  await rename(draft, dist);
  return outputs;
}

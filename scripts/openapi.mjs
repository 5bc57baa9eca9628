import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ensureBuilt } from './build.mjs';
import { root } from './install.mjs';

// Writes openapi.json, or with --check says whether it is what the code would write.
const check = process.argv.includes('--check');
const committed = join(root, 'openapi.json');
const target = check ? join(tmpdir(), `openapi-${process.pid}.json`) : committed;

await ensureBuilt();
const { status } = spawnSync(process.execPath, [join(root, 'dist/src/write-openapi.js'), target], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
if (check) {
  const [before, after] = await Promise.all([committed, target].map((path) => readFile(path, 'utf8')));
  await rm(target);
  if (before !== after) {
    console.error('openapi.json is not what the code says. Run: npm run openapi');
    process.exit(1);
  }
}

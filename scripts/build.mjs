import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './install.mjs';
import { withLock } from './lock.mjs';

const FOLDERS = ['src', 'migrations'];
const dist = join(root, 'dist');
const stampPath = join(dist, '.build.json');

/** Transpiles src/ and migrations/ into dist/, unless that was done already for these very sources. Types are not checked. */
export async function ensureBuilt() {
  if (isBuilt(hashInputs(listSources()))) return;
  const onWait = (pid) => console.error(`Waiting for another process (pid ${pid}) that is building...`);
  await withLock(join(dist, '.build.lock'), onWait, async () => {
    const sources = listSources();
    const hash = hashInputs(sources);
    if (isBuilt(hash)) return;
    console.error('Building...');
    await build(sources, hash);
  });
}

function listSources() {
  return FOLDERS.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

function hashInputs(sources) {
  const hash = createHash('sha256');
  for (const path of [...sources, '.swcrc', 'scripts/build.mjs', 'node_modules/@swc/core/package.json']) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function isBuilt(hash) {
  if (!existsSync(stampPath)) return false;
  const stamp = JSON.parse(readFileSync(stampPath, 'utf8'));
  return stamp.hash === hash && stamp.outputs.every((path) => existsSync(join(dist, path)));
}

/** Builds aside and swaps whole folders, so outputs of deleted sources vanish; the stamp comes last, so a killed build is redone. */
async function build(sources, hash) {
  const { transform } = await import('@swc/core');
  const { $schema: _, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  const draft = join(dist, '.build');
  const outputs = sources.map((path) => path.replace(/\.ts$/, '.js'));
  await rm(stampPath, { force: true });
  await rm(draft, { recursive: true, force: true });
  await Promise.all(
    sources.map(async (path, index) => {
      const target = join(draft, outputs[index]);
      const sourceFileName = relative(dirname(join(dist, path)), join(root, path));
      const source = readFileSync(join(root, path), 'utf8');
      const { code, map } = await transform(source, { ...options, swcrc: false, filename: path, sourceFileName });
      await mkdir(dirname(target), { recursive: true });
      await writeFile(`${target}.map`, map);
      await writeFile(target, `${code}//# sourceMappingURL=${outputs[index].split('/').pop()}.map\n`);
    }),
  );
  for (const folder of FOLDERS) {
    await rm(join(dist, folder), { recursive: true, force: true });
    if (existsSync(join(draft, folder))) await rename(join(draft, folder), join(dist, folder));
  }
  await rm(draft, { recursive: true, force: true });
  await writeFile(`${stampPath}.draft`, JSON.stringify({ hash, outputs }));
  await rename(`${stampPath}.draft`, stampPath);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureBuilt();
}

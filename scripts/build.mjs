import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureConsoleBuilt } from './build-console.mjs';
import { root } from './install.mjs';
import { ensureCurrent, listFiles } from './stamp.mjs';

const FOLDERS = ['src', 'migrations'];
const dist = join(root, 'dist');

/** Transpiles src/ and migrations/ into dist/, unless that was done already for these very sources. Types are not checked. */
export async function ensureBuilt() {
  await ensureCurrent({
    name: 'the server',
    folder: dist,
    stampPath: join(dist, '.build.json'),
    listSources: () => [...listCode(), '.swcrc', 'scripts/build.mjs', 'node_modules/@swc/core/package.json'],
    build: () => build(listCode()),
  });
}

const listCode = () => listFiles(FOLDERS, (name) => /(?<!\.spec|\.d)\.ts$/.test(name));

/** Builds aside and swaps whole folders, so outputs of deleted sources vanish. */
async function build(sources) {
  const { transform } = await import('@swc/core');
  const { $schema: _, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  const draft = join(dist, '.build');
  const outputs = sources.map((path) => path.replace(/\.ts$/, '.js'));
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
  return outputs;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureBuilt();
  await ensureConsoleBuilt();
}

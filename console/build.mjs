import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/** Builds the console into console/dist, each file of text beside itself in gzip and Brotli. */
export async function buildConsole() {
  await build({ root: import.meta.dirname, logLevel: 'warn' });
  const dist = join(import.meta.dirname, 'dist');
  const files = await readdir(dist, { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile() && /\.(?:js|css|html|svg)$/.test(file.name));
  await Promise.all(texts.map((file) => compress(join(file.parentPath, file.name))));
}

async function compress(path) {
  const bytes = await readFile(path);
  const parameters = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: parameters }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, gzipped)]);
}

if (process.argv[1] === import.meta.filename) await buildConsole();

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/** Builds the console, each file of text beside itself in gzip and Brotli. @returns paths of all of them below the folder */
export async function buildConsole(folder = join(import.meta.dirname, 'dist')) {
  const output = { outDir: folder, emptyOutDir: true };
  const { NODE_ENV } = process.env;
  // Vite goes by it and not by the mode: with another one, as tests have, it builds React's slow half.
  process.env.NODE_ENV = 'production';
  try {
    await build({ root: import.meta.dirname, mode: 'production', logLevel: 'warn', build: output });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.filter((path) => /\.(?:js|css|html|svg)$/.test(path));
  const compressed = await Promise.all(texts.map(compress));
  return [...files, ...compressed.flat()].map((path) => relative(folder, path));
}

async function compress(path) {
  const bytes = await readFile(path);
  const parameters = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: parameters }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, gzipped)]);
  return [`${path}.br`, `${path}.gz`];
}

if (process.argv[1] === import.meta.filename) await buildConsole();

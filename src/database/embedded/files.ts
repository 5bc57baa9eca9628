import { randomBytes } from 'node:crypto';
import { chown, link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRoot } from './account.js';
import { isAlive } from './processes.js';

/** Writes a file that only its owner can read, whole or not at all, and durable when this returns. */
export async function writePrivate(path: string, value: unknown): Promise<void> {
  const partial = await writePartial(path, value);
  await rename(partial, path);
}

/** The same, unless the file exists already; then it returns false. Of several writers exactly one succeeds. */
export async function createPrivate(path: string, value: unknown): Promise<boolean> {
  const partial = await writePartial(path, value);
  try {
    await link(partial, path);
    return true;
  } catch (error) {
    ignoreExisting(error as NodeJS.ErrnoException);
    return false;
  } finally {
    await rm(partial);
  }
}

/** Reads what one of the above wrote; undefined when there is no such file. */
export async function readPrivate<T>(path: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    // The parser's own message would quote the text, and the text may hold passwords.
    throw new Error(`${path} is not valid JSON. Restore it from a backup.`);
  }
}

async function writePartial(path: string, value: unknown): Promise<string> {
  const directory = dirname(path);
  const partial = partialPath(directory);
  const file = await open(partial, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(value, null, 2) + '\n');
    await file.sync();
  } finally {
    await file.close();
  }
  if (isRoot()) {
    // A data directory that root only visits stays usable for whoever owns it.
    const { uid, gid } = await stat(directory);
    await chown(partial, uid, gid);
  }
  return partial;
}

const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 };

const ownPartials = new Set<string>();

/** A name for work in progress that says whose it is, so that what a killed process left behind can be told apart. */
export function partialPath(directory: string): string {
  const name = `partial-${process.pid}-${randomBytes(4).toString('hex')}`;
  ownPartials.add(name);
  return join(directory, name);
}

/** Removes what processes that no longer exist were in the middle of making. */
export async function removeAbandonedPartials(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(/^partial-(\d+)-/.exec(name)?.[1]);
    // In a container every run has the same process id, so an id that is ours proves nothing.
    const abandoned = pid === process.pid ? !ownPartials.has(name) : pid > 0 && !isAlive(pid);
    // An initdb that outlived its parent may still be writing; what it then leaves goes with the next start.
    if (abandoned) await rm(join(directory, name), REMOVE).catch(() => undefined);
  }
}

export function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}

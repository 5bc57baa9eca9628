import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './install.mjs';
import { withLock } from './lock.mjs';

/**
 * Builds unless that was done already for these very sources, one process at a time. The stamp that says so comes last, so a killed
 * build is redone.
 *
 * @param what.stampPath where it is noted what has been built from what.
 * @param what.folder what the outputs' paths are relative to.
 * @param what.listSources paths of all that the outputs depend on, relative to the project.
 * @param what.build makes the outputs of the sources. @returns their paths
 */
export async function ensureCurrent({ name, folder, stampPath, listSources, build }) {
  const isCurrent = () => isBuilt(stampPath, folder, hashOf(listSources()));
  if (isCurrent()) return;
  const onWait = (pid) => console.error(`Waiting for another process (pid ${pid}) that is building ${name}...`);
  await withLock(join(root, `dist/.${name.replaceAll(' ', '-')}.lock`), onWait, async () => {
    const sources = listSources();
    const hash = hashOf(sources);
    if (isBuilt(stampPath, folder, hash)) return;
    console.error(`Building ${name}...`);
    await rm(stampPath, { force: true });
    const outputs = await build(sources);
    await writeFile(`${stampPath}.draft`, JSON.stringify({ hash, outputs }));
    await rename(`${stampPath}.draft`, stampPath);
  });
}

/** Files below the folders, as paths relative to the project, in a fixed order. */
export function listFiles(folders, isWanted) {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

function hashOf(sources) {
  const hash = createHash('sha256');
  for (const path of sources) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function isBuilt(stampPath, folder, hash) {
  if (!existsSync(stampPath)) return false;
  const stamp = JSON.parse(readFileSync(stampPath, 'utf8'));
  return stamp.hash === hash && stamp.outputs.every((path) => existsSync(join(folder, path)));
}

import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A holder freshens its lock every few seconds. One this old was left behind, even if its process id is in use again.
const STALE_MS = 10 * 60_000;

/**
 * Runs `work` while no other process runs something under the same lock. A lock whose holders have died does not count.
 * `onWait(pid)` is told once if there is somebody to wait for; `work(holdFor)` may name a child process for which the
 * lock counts as well, should this process die before its child.
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waiting = false; !acquire(path);) {
    const holder = livingHolder(path);
    if (holder && !waiting) onWait(holder);
    waiting ||= Boolean(holder);
    await sleep(holder ? 200 : 0);
  }
  const heartbeat = setInterval(() => utimesSync(path, new Date(), new Date()), 5_000);
  try {
    return await work((pid) => appendFileSync(path, `${pid}\n`));
  } finally {
    clearInterval(heartbeat);
    rmSync(path, { force: true });
  }
}

function acquire(path) {
  // Linked into its place when it is complete, so that nobody ever reads half of it.
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${process.pid}\n`);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** The process id of a holder that lives; if there is none, the lock is removed. */
function livingHolder(path) {
  const found = read(path);
  if (!found) return undefined;
  const holder = found.pids.find(isAlive);
  if (holder && found.ageMs < STALE_MS) return holder;
  // Taken aside first: whoever judged it abandoned a moment ago may have replaced it by a lock of its own.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return undefined;
  }
  if (read(aside).pids[0] !== found.pids[0]) linkSync(aside, path);
  rmSync(aside);
  return undefined;
}

function read(path) {
  try {
    const pids = readFileSync(path, 'utf8').trim().split('\n').map(Number);
    return { pids, ageMs: Date.now() - statSync(path).mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

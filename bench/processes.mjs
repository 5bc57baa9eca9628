import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Core of the measured server, and core of what it serves and is served by: the generator and PostgreSQL. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** USER_HZ, the unit of /proc/<pid>/stat; 100 on every Linux that matters. */
const TICKS_PER_SECOND = 100;

export function requireTools() {
  const missing = ['wrk', 'taskset'].filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (missing.length > 0)
    throw new Error(`${missing.join(' and ')} missing; on Debian: apt-get install wrk util-linux`);
  if (availableParallelism() < 2) throw new Error('two cores are needed: one for the server, one for the generator');
}

/** Moves a running process, all its threads, and the processes that it will fork, to one core. */
export function pin(pid, core) {
  spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}

/** The process that forked this one; of a PostgreSQL backend, the postmaster. */
export function parentOf(pid) {
  return Number(statOf(pid)[1]);
}

/** User and system time that a process has used, in microseconds. */
export function cpuTime(pid) {
  const fields = statOf(pid);
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

/** Fields of /proc/<pid>/stat from the third on: the second is a name that may hold anything. */
function statOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Starts a Node program on the given cores, its output in a file, and waits until `readyUrl` answers. */
export async function startServer({ name, args, env, logFile, readyUrl, cores = String(SERVER_CORE) }) {
  // Another run's server would be measured otherwise.
  if (await answers(readyUrl)) throw new Error(`${readyUrl} is served already: is another run under way?`);
  const log = openSync(logFile, 'w');
  const child = spawn('taskset', ['-c', cores, process.execPath, ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  for (let attempt = 0; !(await answers(readyUrl)); attempt += 1) {
    if (child.exitCode !== null || attempt === 200) throw new Error(`${name} did not start; see ${logFile}`);
    await sleep(100);
  }
  return {
    name,
    pid: child.pid,
    logFile,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function answers(url) {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { cpuTime, OTHER_CORE } from './processes.mjs';
import { wrk } from './wrk.mjs';

/**
 * One run against a server, from the other core: as much as it can answer or, with a `rate`, so many requests per second.
 *
 * @param load `requests` are sent in turn; `connections` at a time; `status` is what all of them are answered, 2xx when it is not given.
 * @returns requests per second, latencies in milliseconds, and the server's processor time per request in microseconds.
 */
export async function drive(server, load, { seconds, script, rate }) {
  const before = cpuTime(server.pid);
  const result = rate
    ? await askAtRate(server.port, load, seconds, rate)
    : await wrk(server.port, load, seconds, script);
  const cpu = cpuTime(server.pid) - before;
  if (result.errors > 0) throw new Error(`${server.name}: ${result.errors} errors; see ${server.logFile}`);
  return {
    rate: result.requests / (result.microseconds / 1e6),
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
    cpu: cpu / result.requests,
  };
}

/** Sends invented tokens besides. @returns how to end it. @throws Error then, when it ended by itself. */
export function startFlood(port, rate) {
  const program = join(import.meta.dirname, 'flood.mjs');
  const args = ['-c', String(OTHER_CORE), process.execPath, program, String(port), String(rate)];
  const child = spawn('taskset', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return () => {
    if (child.exitCode !== null) throw new Error('the flood ended early');
    child.kill();
  };
}

async function askAtRate(port, { requests, connections }, seconds, rate) {
  const heads = requests.map(
    ({ path, token }) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const program = join(import.meta.dirname, 'constant-rate.mjs');
  const args = [
    '-c',
    String(OTHER_CORE),
    process.execPath,
    program,
    JSON.stringify({ port, rate, seconds, connections, heads }),
  ];
  const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = await text(child.stdout);
  const result = /^RESULT (.*)$/m.exec(output);
  if (!result) throw new Error(`The generator failed:\n${output}`);
  return JSON.parse(result[1]);
}

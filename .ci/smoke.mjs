// A fresh clone's `npm start`: installs, starts, answers the printed curl's question, and stops in order, twice.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dataDir = await mkdtemp(join(tmpdir(), 'kaiten-smoke-'));
const ports = { PORT: '16000', CONSOLE_PORT: '13000' };

async function run(limitSeconds) {
  const started = Date.now();
  const server = spawn('npm', ['start'], {
    env: { ...process.env, ...ports, KAITEN_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => server.on('exit', (code, signal) => resolve(code ?? signal)));
  let output = '';
  const ready = new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (output.includes('is ready')) resolve();
      });
    }
    exited.then((code) => reject(new Error(`ended with ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`not ready after ${limitSeconds} s:\n${output}`)), limitSeconds * 1000).unref();
  });
  await ready;
  const seconds = (Date.now() - started) / 1000;
  if (/npm warn/i.test(output)) throw new Error(`npm warned:\n${output}`);
  const { token } = JSON.parse(await readFile(join(dataDir, 'quickstart.json'), 'utf8'));
  const answer = await fetch(`http://127.0.0.1:${ports.PORT}/api/customers`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const { total } = await answer.json();
  if (answer.status !== 200 || total !== 3) throw new Error(`answered ${answer.status} with ${total} customers`);
  server.kill('SIGTERM');
  const code = await exited;
  if (code !== 0) throw new Error(`stopped with ${code}:\n${output}`);
  return seconds;
}

try {
  const first = await run(180);
  const second = await run(30);
  console.log(
    `node ${process.version}: ready after ${first.toFixed(1)} s with the installation, then after ${second.toFixed(1)} s`,
  );
} finally {
  // As root, the cluster lies elsewhere.
  const { rootStateOf } = await import(join(process.cwd(), 'dist/src/database/embedded/cluster.js'));
  await rm(rootStateOf(await realpath(dataDir)), { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

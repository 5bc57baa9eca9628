import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that a system gives out by itself, so that nothing else of a run is given one before it is used, and below those that embedded
 * PostgreSQL takes. Each of Jest's workers has a slice of its own, and begins somewhere in it.
 */
const FIRST = 11_000;
const SLICE = 500;
const SLICES = 18;

const start = FIRST + SLICE * (Number(process.env.JEST_WORKER_ID ?? 1) % SLICES);
let next = Math.floor(Math.random() * SLICE);

/** A port at 127.0.0.1 that is free, and that this suite has not been given before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < SLICE; tries += 1) {
    const port = start + (next++ % SLICE);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${start} to ${start + SLICE - 1} is free`);
}

/** Ports for a server. */
export async function freePorts(): Promise<{ api: number; console: number }> {
  return { api: await freePort(), console: await freePort() };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  const isListening = await listening.then(
    () => true,
    () => false,
  );
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}

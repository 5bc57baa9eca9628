/**
 * Sends invented tokens to `/api/tokens/validate` at a constant rate until it is told to stop: `node flood.mjs <port> <rate>`
 *
 * Each has a token's form and a checksum that fits, and none is sent twice, so that each has to be looked up. Over plain sockets, since it
 * shares a core with the generator whose latencies are measured.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { generateToken } from '../dist/src/tokens/token-format.js';

const [port, rate] = process.argv.slice(2).map(Number);
const CONNECTIONS = 50;
/** For half a minute. */
const requests = Array.from(
  { length: 30 * rate },
  () => `GET /api/tokens/validate HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${generateToken()}\r\n\r\n`,
);

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

const sockets = Array.from({ length: CONNECTIONS }, () => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('data', (chunk) => {
    if (chunk.includes('HTTP/1.1 200') || chunk.includes('HTTP/1.1 503')) fail('an invented token was not refused');
  });
  socket.on('error', (error) => fail(error.message));
  return socket;
});
await Promise.all(sockets.map((socket) => once(socket, 'connect')));
const began = performance.now();
let sent = 0;
setInterval(() => {
  for (const due = (performance.now() - began) * (rate / 1000); sent < due && sent < requests.length; sent += 1) {
    sockets[sent % CONNECTIONS].write(requests[sent]);
  }
}, 1);

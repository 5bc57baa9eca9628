/**
 * Sends invented tokens to `/api/tokens/validate` at a constant rate until it is told to stop: `node flood.mjs <port> <rate>`
 *
 * Each has a token's form and a checksum that fits, and none is sent twice, so that each has to be looked up.
 */
import { Agent, get } from 'node:http';
import { generateToken } from '../dist/src/tokens/token-format.js';

const [port, rate] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const began = performance.now();
let sent = 0;

function send() {
  const headers = { authorization: `Bearer ${generateToken()}` };
  const request = get({ host: '127.0.0.1', port, path: '/api/tokens/validate', headers, agent }, (response) => {
    response.resume();
    if (response.statusCode !== 401) fail(`validate answered ${response.statusCode}`);
  });
  request.on('error', (error) => fail(error.message));
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

setInterval(() => {
  for (const due = (performance.now() - began) * (rate / 1000); sent < due; sent += 1) send();
}, 5);

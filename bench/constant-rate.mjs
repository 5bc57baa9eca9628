/**
 * Asks at a constant rate, however slow the answers are: `node constant-rate.mjs '{"port","rate","seconds","connections","heads"}'`
 *
 * A latency counts from when its request was due, not from when it could be sent. Generators that wait for an answer before they send on
 * ask less while a server is slow, and so leave out of their figures just what was slow ("coordinated omission"). Prints `RESULT {...}`,
 * latencies in microseconds. Answers must have no body.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { port, rate, seconds, connections, heads } = JSON.parse(process.argv[2]);
/** Seconds at the beginning that do not count. */
const WARM_UP = 1;

const total = Math.round(rate * (WARM_UP + seconds));
const counted = Math.round(rate * WARM_UP);
const latencies = new Float64Array(total - counted);
const requests = heads.map((head) => Buffer.from(head, 'latin1'));
const END = Buffer.from('\r\n\r\n');
const OK = Buffer.from('HTTP/1.1 200 ');
const idle = [];
const dueWithoutConnection = [];
let sent = 0;
let answered = 0;
let errors = 0;
let began;

const dueAt = (number) => began + (number / rate) * 1000;

class Connection {
  constructor() {
    this.received = Buffer.alloc(0);
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', (error) => fail(error));
    this.socket.on('close', () => answered < total && fail(new Error('the server closed a connection')));
  }

  send(number) {
    this.number = number;
    this.socket.write(requests[number % requests.length]);
  }

  receive(chunk) {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    if (this.received.indexOf(END) === -1) return;
    if (!this.received.subarray(0, OK.length).equals(OK)) errors += 1;
    this.received = Buffer.alloc(0);
    if (this.number >= counted) latencies[this.number - counted] = performance.now() - dueAt(this.number);
    answered += 1;
    const next = dueWithoutConnection.shift();
    if (next === undefined) idle.push(this);
    else this.send(next);
  }
}

function fail(error) {
  console.error(error.message);
  process.exit(1);
}

/** Looks again at once instead of setting a timer: those come up to a millisecond late. */
function sendWhatIsDue() {
  const now = performance.now();
  while (sent < total && dueAt(sent) <= now) {
    const connection = idle.pop();
    if (connection) connection.send(sent);
    else dueWithoutConnection.push(sent);
    sent += 1;
  }
  if (sent < total) setImmediate(sendWhatIsDue);
}

const opened = Array.from({ length: connections }, () => new Connection());
await Promise.all(opened.map(({ socket }) => once(socket, 'connect')));
idle.push(...opened);
began = performance.now();
sendWhatIsDue();
const patience = performance.now() + 1000 * (WARM_UP + seconds + 10);
while (answered < total) {
  if (performance.now() > patience) fail(new Error(`${total - answered} of ${total} requests were not answered`));
  await sleep(20);
}
const took = performance.now() - dueAt(counted);
latencies.sort();
const percentile = (p) => latencies[Math.ceil(p * latencies.length) - 1] * 1000;
const result = {
  requests: latencies.length,
  microseconds: took * 1000,
  errors,
  p50: percentile(0.5),
  p99: percentile(0.99),
};
console.log(`RESULT ${JSON.stringify(result)}`);
process.exit(0);

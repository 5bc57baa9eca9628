import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { cpuTime, OTHER_CORE } from './processes.mjs';

/**
 * One run of wrk against a server, from the other core.
 *
 * @param load `requests` are sent in turn; `connections` at a time.
 * @returns requests per second, latencies in milliseconds, and the server's processor time per request in microseconds.
 */
export async function drive(server, port, load, { seconds, script }) {
  await writeFile(script, luaScript(load.requests));
  const before = cpuTime(server.pid);
  const result = await wrk(port, load.connections, seconds, script);
  const cpu = cpuTime(server.pid) - before;
  if (result.errors > 0) throw new Error(`${server.name}: ${result.errors} errors; see ${server.logFile}`);
  return {
    rate: result.requests / (result.microseconds / 1e6),
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
    cpu: cpu / result.requests,
  };
}

async function wrk(port, connections, seconds, script) {
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    `http://127.0.0.1:${port}`,
    String(Date.now() * 1000),
  ];
  const child = spawn('taskset', ['-c', String(OTHER_CORE), 'wrk', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = await text(child.stdout);
  const result = /^RESULT (.*)$/m.exec(output);
  if (!result) throw new Error(`wrk failed:\n${output}`);
  return JSON.parse(result[1]);
}

/**
 * A request's `body` may hold `%d`, which becomes a number that no other request of the run has. Answers other than 2xx and 3xx,
 * and failures of sockets, are errors.
 */
function luaScript(requests) {
  const entries = requests.map(({ method = 'GET', path, token, body }) => {
    const headers = [
      `["Authorization"] = "Bearer ${token}"`,
      ...(body ? ['["Content-Type"] = "application/json"'] : []),
    ];
    return `  { method = ${quote(method)}, path = ${quote(path)}, headers = { ${headers.join(', ')} }, body = ${body ? quote(body) : 'nil'} },`;
  });
  return `
local requests = {
${entries.join('\n')}
}
local formatted = {}
local turn, serial

-- Not before: wrk knows the Host header only now.
function init(args)
  turn, serial = 0, tonumber(args[1])
  for i, r in ipairs(requests) do
    if not r.body then formatted[i] = wrk.format(r.method, r.path, r.headers) end
  end
end

function request()
  turn = turn % #requests + 1
  if formatted[turn] then return formatted[turn] end
  serial = serial + 1
  local r = requests[turn]
  return wrk.format(r.method, r.path, r.headers, (r.body:gsub("%%d", string.format("%d", serial))))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"errors":%d,"p50":%f,"p99":%f}\\n', summary.requests,
    summary.duration, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
`;
}

const quote = (value) => JSON.stringify(value);

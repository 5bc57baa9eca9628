import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { OTHER_CORE } from './processes.mjs';

/**
 * One run of wrk.
 *
 * @returns what it says: latencies in microseconds, and how many answers and connections were not as they should be.
 */
export async function wrk(port, { requests, connections, status = 200 }, seconds, script) {
  await writeFile(script, luaScript(requests));
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
  const { failures, refusals, ...figures } = JSON.parse(result[1]);
  const wrong = status < 400 ? refusals : figures.requests - refusals;
  return { ...figures, errors: failures + wrong };
}

/**
 * A request's `body` may hold `%d`, which becomes a number that no other request of the run has. Failures are of sockets, refusals answers
 * of 400 and more.
 */
function luaScript(requests) {
  const entries = requests.map(({ method = 'GET', path, token, body, headers: more = {} }) => {
    const headers = [
      `["Authorization"] = "Bearer ${token}"`,
      ...(body ? ['["Content-Type"] = "application/json"'] : []),
      ...Object.entries(more).map(([name, value]) => `[${quote(name)}] = ${quote(value)}`),
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
    if not r.body or not r.body:find("%d", 1, true) then formatted[i] = wrk.format(r.method, r.path, r.headers, r.body) end
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
  io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"failures":%d,"refusals":%d,"p50":%f,"p99":%f}\\n', summary.requests,
    summary.duration, e.connect + e.read + e.write + e.timeout, e.status, latency:percentile(50), latency:percentile(99)))
end
`;
}

const quote = (value) => JSON.stringify(value);

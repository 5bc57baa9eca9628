import { generateToken } from '../dist/src/tokens/token-format.js';

const CONNECTIONS = 50;
const VALIDATE = '/api/tokens/validate';

/** Tokens that their form or their checksum gives away. */
const GARBAGE = 8;

/**
 * The rows about what stands behind a gateway; their form is that of `benchRows`.
 *
 * @param lookUps counts the look-ups of tokens that the database has answered so far.
 */
export function gatewayRows({ organizations, lookUps }) {
  const small = Object.keys(organizations).filter((slug) => slug.startsWith('small-'));
  const tokens = small.map((slug) => organizations[slug].token);
  const validate = tokens.map((token) => ({ path: VALIDATE, token }));
  const load = { requests: validate, connections: CONNECTIONS };
  const garbage = { requests: garbageOf(tokens[0]), connections: CONNECTIONS, status: 401 };
  const { token, customerIds } = organizations[small[0]];
  const customers = (credential) => customerIds.map((id) => ({ path: `/api/customers/${id}`, token: credential }));
  const rateRow = (id, title, atLeast, subject, baseline) => ({
    id,
    title,
    goal: { atLeast },
    figure: 'rate',
    subject: { load, ...subject },
    baseline: { load, ...baseline },
  });
  const many = { load: { ...load, connections: 600 }, over: load };
  return [
    rateRow(
      'validate',
      'validate, cached / bare `node:http` sending the same',
      0.85,
      { server: 'validating' },
      { server: 'bareValidate' },
    ),
    {
      ...rateRow(
        'validate-signed',
        'the same, signed / unsigned',
        0.85,
        { server: 'signed' },
        { server: 'validating' },
      ),
      answersDiffer: true,
    },
    {
      ...rateRow(
        'validate-garbage',
        'the same, garbage / a valid token',
        1,
        { server: 'validating', load: garbage },
        { server: 'validating' },
      ),
      none: { what: 'look-ups in the database', count: lookUps },
    },
    rateRow(
      'validate-miss',
      'validate, not in memory / `SELECT 1`',
      0.8,
      { server: 'cacheless' },
      { server: 'selectOne' },
    ),
    rateRow(
      'validate-uses',
      'validate, keeping when tokens are used / not',
      0.97,
      { server: 'validating' },
      { server: 'untracked' },
    ),
    rateRow(
      'validate-connections',
      'validate, (600 connections / 50) / (the same of bare)',
      0.95,
      { server: 'validating', ...many },
      { server: 'bareValidate', ...many },
    ),
    {
      id: 'validate-p99',
      title: 'validate at half of its peak, constant rate: p99 / p99 of bare at that rate',
      goal: { atMost: 1.5 },
      figure: 'p99',
      rateOfPeak: 0.5,
      subject: { server: 'validating', load },
      baseline: { server: 'bareValidate', load },
    },
    {
      id: 'validate-flood',
      title: 'validate at 2,000/s: p99 beside 1,000 invented tokens a second / without them',
      goal: { atMost: 2 },
      figure: 'p99',
      rate: 2_000,
      subject: { server: 'validating', load, flood: 1_000 },
      baseline: { server: 'validating', load },
    },
    rateRow(
      'api-principal',
      "GET one customer, with a gateway's principal / with the token",
      0.95,
      {
        server: 'trusting',
        load: { requests: async (port) => customers(await principalOf(port, token)), connections: CONNECTIONS },
      },
      { server: 'trusting', load: { requests: customers(token), connections: CONNECTIONS } },
    ),
  ];
}

/** Half mistyped, half nothing like it. */
function garbageOf(token) {
  const mistyped = [...token].flatMap((character, index) =>
    index < 4 || index % 10
      ? []
      : [`${token.slice(0, index)}${character === 'a' ? 'b' : 'a'}${token.slice(index + 1)}`],
  );
  const others = [generateToken().slice(0, -1), 'ksh_', 'x'.repeat(42), `ksm_${token.slice(4)}`];
  return [...mistyped, ...others].slice(0, GARBAGE).map((credential) => ({ path: VALIDATE, token: credential }));
}

/** What a gateway would pass on for the token, without `Bearer`. */
async function principalOf(port, token) {
  const { headers } = await fetch(`http://127.0.0.1:${port}${VALIDATE}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return headers.get('authorization').slice('Bearer '.length);
}

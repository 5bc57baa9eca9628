import { CONTEXT } from './flag-context.mjs';

const CONNECTIONS = 50;
const BULK = '/api/ofrep/v1/evaluate/flags';

/** The rows about evaluating flags; their form is that of `benchRows`. */
export function flagRows({ flags }) {
  const bulk = (slug) => ({ method: 'POST', path: BULK, token: flags[slug].token, body: CONTEXT });
  const load = (slug) => ({ requests: [bulk(slug)], connections: CONNECTIONS });
  const unchanged = {
    requests: async (port) => [await conditional(port, bulk('flags-350'))],
    connections: CONNECTIONS,
  };
  const row = (id, title, atLeast, subject, baseline) => ({
    id,
    title,
    goal: { atLeast },
    figure: 'rate',
    answersDiffer: true,
    subject,
    baseline,
  });
  const ours = (slug, server = 'evaluating') => ({ server, load: load(slug) });
  const bare = (slug) => ({ server: `bare-${slug}`, load: load(slug) });
  return [
    row(
      'flags-5',
      'bulk evaluation of 5 flags / bare `node:http` that parses the body and sends the same',
      0.5,
      ours('flags-5'),
      bare('flags-5'),
    ),
    row(
      'flags-350',
      'bulk evaluation of 350 flags / bare `node:http` sending the same',
      0.35,
      ours('flags-350'),
      bare('flags-350'),
    ),
    row('flags-350-5', 'bulk evaluation of 350 flags / of 5', 0.18, ours('flags-350'), ours('flags-5')),
    row(
      'flags-304',
      '350 flags: not modified / evaluated',
      3,
      { server: 'evaluating', load: unchanged },
      ours('flags-350'),
    ),
    row(
      'flags-rules',
      '50 flags with 750 rules of 15 conditions / bare `node:http` sending the same',
      0.13,
      ours('flags-rules'),
      bare('flags-rules'),
    ),
    row(
      'flags-counts',
      '350 flags, counting evaluations / not',
      0.98,
      ours('flags-350'),
      ours('flags-350', 'uncounted'),
    ),
  ];
}

/** The request as it is sent again by a client that has the answer: always the same, and with its tag. */
async function conditional(port, { method, path, token, body }) {
  const fixed = body.replaceAll('%d', '1');
  const { headers } = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: fixed,
  });
  return { method, path, token, body: fixed, headers: { 'If-None-Match': headers.get('etag') } };
}

import { FEW, MANY } from './database.mjs';

/** Connections of the generator, unless a row says otherwise. */
const CONNECTIONS = 50;
/** One request at a time: then a latency is the request's own. */
const ALONE = 1;

/**
 * The rows of the table. Each compares two runs: `ratio` is the subject's figure over the baseline's.
 *
 * server: which program is asked; before: what must be done to the database first; group: rows that need the same servers run together.
 */
export function benchRows({ organizations, setPolicies }) {
  const small = organizations['small-0'];
  const { written, big } = organizations;
  const list = (organization, query = 'limit=20') => ({ path: `/api/customers?${query}`, token: organization.token });
  const one = small.customerIds.map((id) => ({ path: `/api/customers/${id}`, token: small.token }));
  const lists = [list(small)];
  const creation = [{ method: 'POST', path: '/api/customers', token: written.token, body: CREATION }];
  const eight = Object.keys(organizations)
    .filter((slug) => slug.startsWith('small-'))
    .map((slug) => list(organizations[slug]));

  const rows = [
    rateRow('get', 'GET one customer / bare', 0.45, one),
    rateRow('list', 'list of 20 of 1,000 customers / bare', 0.6, lists),
    rateRow('post', 'POST customer / bare', 0.45, creation),
    {
      id: 'policies',
      title: 'list, 8 organizations alternating: policies and subscriber / neither',
      goal: { atLeast: 0.85 },
      figure: 'rate',
      subject: {
        server: 'kaiten',
        load: { requests: eight, connections: CONNECTIONS },
        before: () => setPolicies(true),
      },
      baseline: {
        server: 'unscoped',
        load: { requests: eight, connections: CONNECTIONS },
        before: () => setPolicies(false),
      },
      after: () => setPolicies(true),
    },
    {
      id: 'connections',
      title: '(600 connections / 50) / (the same of bare)',
      goal: { atLeast: 0.95 },
      figure: 'rate',
      subject: {
        server: 'kaiten',
        load: { requests: one, connections: 600 },
        over: { requests: one, connections: 50 },
      },
      baseline: { server: 'bare', load: { requests: one, connections: 600 }, over: { requests: one, connections: 50 } },
    },
  ];
  if (!big) return rows;
  const [few, many] = [FEW, MANY].map((count) => count.toLocaleString('en'));
  const bigRow = (id, title, most, queries) => ({
    id,
    title,
    goal: { atMost: most },
    figure: 'p50',
    subject: { server: 'kaiten', load: { requests: queries.map((query) => list(big, query)), connections: ALONE } },
    baseline: { server: 'kaiten', load: { requests: lists, connections: ALONE } },
  });
  const search = (terms) => terms.map((term) => `limit=20&q=${term}`);
  return [
    ...rows,
    bigRow('million', `list in an organization of ${many} / of ${few} (median time)`, 1.5, ['limit=20']),
    bigRow('million-name', 'the same, sorted by name, descending', 1.5, ['limit=20&sort=-name']),
    bigRow('q-none', 'the same, `q` with no hit', 15, search(range(50).map((n) => `absent-${n}`))),
    bigRow('q-one', 'the same, `q` with one hit', 15, search(range(50).map((n) => `c-${123_456 + 7_919 * n}`))),
    bigRow('q-hundred', 'the same, `q` with 100 hits', 15, search(range(50).map((n) => `k${1_000 + 171 * n}`))),
    bigRow(
      'q-hundred-common',
      '100 hits, of a term that shares parts with all rows',
      15,
      search(range(50).map((n) => `crm-k${1_000 + 171 * n}`)),
    ),
    bigRow('q-tenth', '100,000 hits, evenly spread', 15, search(['tokyo', 'osaka', 'motors', 'foods'])),
    bigRow('q-all', '1,000,000 hits', 15, search(['c-', 'crm', 'example'])),
    bigRow('q-short', 'one or two characters', 15, search(['7', 'k', 'to', '42'])),
    bigRow('q-late', '100,000 hits, all of them last in the list', 15, search(['late-', 'late'])),
  ];
}

/** The slug is made from the name, which no other request has. */
const CREATION = JSON.stringify({ name: 'Sakura %d', domain: 'sakura-%d.example', externalCustomerId: 'crm-%d' });

function rateRow(id, title, goal, requests) {
  const load = { requests, connections: CONNECTIONS };
  return {
    id,
    title,
    goal: { atLeast: goal },
    figure: 'rate',
    subject: { server: 'kaiten', load },
    baseline: { server: 'bare', load },
  };
}

const range = (count) => Array.from({ length: count }, (_, index) => index);

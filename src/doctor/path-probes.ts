import type { Answer } from './answer.js';
import type { Header } from './endpoint.js';
import { forgePrincipals } from './forged-principals.js';
import type { Examination, Judgement, Result } from './probe.js';
import { bearer, finding, judge, judgeForgery, wordsOf } from './probe.js';

/** Spellings of `/api/me` that a gateway may take for another path than the API does, or the other way round. */
const TARGETS = [
  '//api/me',
  '/api//me',
  '/./api/me',
  '/api/./me',
  '/api/x/../me',
  '/API/me',
  '/api/ME',
  '/api/%6de',
  '/%61pi/me',
  '/api%2fme',
  '/api/me/',
  '/api/me;x=1',
  '/api/me%20',
  '/api/me%00',
  '/api\\me',
  '/api/me?/api/healthz',
  '/api/me#/api/healthz',
  '/api/healthz/../me',
  '/api/healthz/..%2fme',
  '/api/healthz/%2e%2e/me',
  '/api/healthz;/../me',
  '/api/docs/../me',
  '/api/docs/..%2fme',
  '/api/docs/%2e%2e/me',
  '/api/docs/..;/me',
  '/api/docs/..\\me',
  '/api/openapi.json/../me',
  '/api/tokens/validate/../../me',
  '/api/tokens/validate/..%2f..%2fme',
  '/.well-known/../api/me',
];

/** Headers by which some gateways let a client say which path or method it means. */
const OVERRIDES: readonly Header[] = [
  ['X-Original-URL', '/api/healthz'],
  ['X-Rewrite-URL', '/api/healthz'],
  ['X-Original-URI', '/api/healthz'],
  ['X-Forwarded-Uri', '/api/healthz'],
  ['X-Forwarded-Method', 'OPTIONS'],
  ['X-HTTP-Method-Override', 'OPTIONS'],
  ['Upgrade', 'websocket'],
];

const GAIN = 'An attacker who writes the path this way is past validation, with a principal of his own making.';

/** A forged principal, sent in every way that might go around validation. */
export async function probePaths({ gateway, token, me }: Examination): Promise<readonly Result[]> {
  const forged = bearer(forgePrincipals(token, me)[0]!.jwt);
  const results: Result[] = [];
  for (const target of [...TARGETS, gateway.absolute('/api/me')]) {
    const judgement = await judge(gateway, { target, headers: [forged] }, (answer) => judgeForgery(answer, GAIN));
    results.push({ probe: `the path ${JSON.stringify(target)}`, ...judgement });
  }
  for (const method of ['HEAD', 'OPTIONS', 'POST', 'PROPFIND']) {
    const judgement = await judge(gateway, { method, headers: [forged] }, (answer) => judgeMethod(method, answer));
    results.push({ probe: `the method ${method}`, ...judgement });
  }
  for (const [name, value] of OVERRIDES) {
    const headers: Header[] = [forged, [name, value]];
    if (name === 'Upgrade') headers.push(['Connection', 'Upgrade']);
    const judgement = await judge(gateway, { headers }, (answer) => judgeForgery(answer, GAIN));
    results.push({ probe: `the header ${name}: ${value}`, ...judgement });
  }
  return results;
}

/** The path is one of the API's, so that this is what has nothing for the method, and has got the request. */
function judgeMethod(method: string, answer: Answer): Judgement {
  // An answer to HEAD does not say whose it is.
  if (method === 'HEAD' && answer.status === 200) return finding(`accepted (${wordsOf(answer)}). ${GAIN}`);
  if (answer.code === 'NOT_FOUND') return finding(`reached the API unvalidated (${wordsOf(answer)}). ${GAIN}`);
  return judgeForgery(answer, GAIN);
}

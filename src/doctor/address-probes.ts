import type { Answer } from './answer.js';
import type { Endpoint, Header } from './endpoint.js';
import type { Examination, Judgement, Me, Result } from './probe.js';
import { bearer, finding, isUndecided, judge, ok, readMe, skipped, undecided, wordsOf } from './probe.js';

/** Documentation's own (RFC 5737 and RFC 3849), so that it is nobody's. */
const FORGED = '203.0.113.77';
const FORGED_IPV6 = '2001:db8::77';

/** Ways to say that one is somebody else, or to take away what the gateway says. */
const waysToLie = (own: string): readonly (readonly [probe: string, headers: readonly Header[]])[] => [
  ['X-Forwarded-For', [['X-Forwarded-For', FORGED]]],
  ['x-forwarded-for, in lower case', [['x-forwarded-for', FORGED]]],
  ['X-FORWARDED-FOR, in upper case', [['X-FORWARDED-FOR', FORGED]]],
  ['X-Forwarded-For with an IPv6 address', [['X-Forwarded-For', FORGED_IPV6]]],
  ['X-Forwarded-For twice', twice('X-Forwarded-For')],
  ['X-Forwarded-For as a list', [['X-Forwarded-For', `${FORGED}, ${FORGED}`]]],
  ["X-Forwarded-For as a list that ends in the client's own address", [['X-Forwarded-For', `${FORGED}, ${own}`]]],
  ['X-Forwarded-For with a blank before its colon', [['X-Forwarded-For ', FORGED]]],
  ['X-Forwarded-For, empty', [['X-Forwarded-For', '']]],
  ["the gateway's own X-Forwarded-For taken away by Connection", [['Connection', 'close, X-Forwarded-For']]],
  ['X_Forwarded_For', [['X_Forwarded_For', FORGED]]],
  ['X.Forwarded.For', [['X.Forwarded.For', FORGED]]],
  ['X!Forwarded~For', [['X!Forwarded~For', FORGED]]],
  ['x-forwarded_for, twice', twice('x-forwarded_for')],
  ['Forwarded', [['Forwarded', `for=${FORGED}`]]],
  ['X-Real-IP', [['X-Real-IP', FORGED]]],
  ['X_Real_IP', [['X_Real_IP', FORGED]]],
  ['X-Client-IP', [['X-Client-IP', FORGED]]],
  ['True-Client-IP', [['True-Client-IP', FORGED]]],
  ['CF-Connecting-IP', [['CF-Connecting-IP', FORGED]]],
];

const twice = (name: string): readonly Header[] => [
  [name, FORGED],
  [name, FORGED],
];

/** What the API is told of where the client is, whatever the client says itself. */
export async function probeAddresses({ gateway, token, me }: Examination): Promise<readonly Result[]> {
  const probe = 'the address of the client';
  if (!me) return [{ probe, ...skipped('the token does not work') }];
  if (me.forwardingHeaders === undefined) {
    return [{ probe, ...skipped('the server does not say which address it sees; is it of an older version?') }];
  }
  const told = me.forwardingHeaders.length === 0 ? 'nothing tells it' : `told by ${me.forwardingHeaders.join(', ')}`;
  const results: Result[] = [{ probe, ...ok(`is ${addressOf(me)} to the API (${told})`) }];
  for (const [name, headers] of waysToLie(me.clientAddress ?? '127.0.0.1')) {
    const judgement = await judge(gateway, { headers: [bearer(token), ...headers] }, (answer) =>
      judgeAddress(answer, me),
    );
    results.push({ probe: `a forged address: ${name}`, ...judgement });
  }
  return results;
}

const addressOf = ({ clientAddress }: Me): string => clientAddress ?? 'no address';

/** @param before what the API said of the request without the lie. */
export function judgeAddress(answer: Answer, before: Me): Judgement {
  const after = readMe(answer);
  if (!after) {
    if (isUndecided(answer)) return undecided(`not decided (${wordsOf(answer)})`);
    return ok(`refused (${wordsOf(answer)})`);
  }
  if (after.clientAddress !== before.clientAddress) {
    return finding(
      `believed: the API sees ${addressOf(after)} instead of ${addressOf(before)}. ` +
        "An attacker uses a stolen token from any network, past its allowedCidrs, and leaves another's address behind.",
    );
  }
  const [added, missing] = difference(after.forwardingHeaders ?? [], before.forwardingHeaders ?? []);
  if (added.length > 0) {
    return finding(
      `arrives at the API (${added.join(', ')}). kaiten-server does not believe it; ` +
        'a log, a tool or another service that does takes the attacker for whomever he says.',
    );
  }
  if (missing.length > 0) {
    return finding(
      `makes the gateway leave out ${missing.join(', ')}. An attacker takes away what the gateway says of him, and looks like the gateway.`,
    );
  }
  return ok('changes nothing');
}

/** What is in the one and not in the other, each as often as it is. */
function difference(after: readonly string[], before: readonly string[]): [added: string[], missing: string[]] {
  const missing = [...before];
  const added = after.filter((name) => {
    const at = missing.indexOf(name);
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return [added, missing];
}

/** Whether the endpoint believes what is said in X-Forwarded-For by whoever sends it. */
export function probeForwardedFor(endpoint: Endpoint, token: string, before: Me): Promise<Judgement> {
  const headers: Header[] = [bearer(token), ['X-Forwarded-For', FORGED]];
  return judge(endpoint, { headers }, (answer) => {
    const after = readMe(answer);
    if (!after && isUndecided(answer)) return undecided(`not decided (${wordsOf(answer)})`);
    const isBelieved = after !== undefined && after.clientAddress !== before.clientAddress;
    return isBelieved
      ? finding(
          `believed: the API sees ${addressOf(after)}. This machine is in GATEWAY_TRUSTED_CIDRS; ` +
            'an attacker on it uses a stolen token past its allowedCidrs.',
        )
      : ok(after ? 'not believed' : `refused (${wordsOf(answer)})`);
  });
}
